using Preimage.Layers;

namespace Preimage.Algorithms.Training.Data.Files;

/// <summary>The four files of MNIST: LeCun, Cortes and Burges, "The MNIST database of handwritten digits".</summary>
internal static class MnistFiles
{
    /// <summary>Reads the two halves of a folder.</summary>
    /// <exception cref="DataFormatException">A file is missing or damaged, or two do not fit each other.</exception>
    public static DataSplit Open(string folder) => new(OpenHalf(folder, "train"), OpenHalf(folder, "t10k"));

    static StoredSet OpenHalf(string folder, string half)
    {
        string picturePath = Find(folder, $"{half}-images"), labelPath = Find(folder, $"{half}-labels");
        IdxFile pictures = IdxFile.Read(picturePath, 3), labels = IdxFile.Read(labelPath, 1);
        if (pictures.Extents[0] != labels.Extents[0])
            throw new DataFormatException(picturePath, $"it has {pictures.Extents[0]} pictures, and {labelPath} has {labels.Extents[0]} labels.");
        int wrong = labels.Values.AsSpan().IndexOfAnyExceptInRange((byte)0, (byte)9);
        if (wrong >= 0) throw new DataFormatException(labelPath, $"label {wrong} is {labels.Values[wrong]}; labels are 0 to 9.");
        return new StoredSet(
            $"mnist {half} ({labels.Values.Length})", new Shape(1, 1, pictures.Extents[1], pictures.Extents[2]),
            [.. Enumerable.Range(0, 10).Select(digit => $"{digit}")], pictures.Values, labels.Values);
    }

    // Names end in -idx3-ubyte or .idx3-ubyte, with .gz or not, depending on where the set comes from.
    static string Find(string folder, string start)
    {
        string[] found = Directory.GetFiles(folder, $"{start}*");
        Array.Sort(found, StringComparer.Ordinal);
        return found.Length > 0 ? found[0] : throw new DataFormatException(folder, $"there is no file {start}*, as MNIST names it.");
    }
}
