using Preimage.Layers;

namespace Preimage.Algorithms.Training.Data.Files;

/// <summary>CIFAR-10, binary version (Krizhevsky, "Learning multiple layers of features from tiny images", 2009): per picture a label, then 1024 red, 1024 green and 1024
/// blue values.</summary>
internal static class CifarFiles
{
    const int Side = 32, Values = 3 * Side * Side, Classes = 10;

    /// <summary>Reads all batches of a folder: data_batch_*.bin and test_batch.bin, else files with train and with test in their names.</summary>
    /// <exception cref="DataFormatException">No batch is there, or one is damaged.</exception>
    public static DataSplit Open(string folder)
    {
        string[] names = ClassNames(folder);
        return new DataSplit(
            OpenHalf("train", names, Find(folder, "data_batch_*.bin", "*train*.bin")), OpenHalf("test", names, Find(folder, "test_batch.bin", "*test*.bin")));
    }

    static string[] Find(string folder, string pattern, string otherwise)
    {
        string[] found = Directory.GetFiles(folder, pattern);
        if (found.Length == 0) found = Directory.GetFiles(folder, otherwise);
        Array.Sort(found, StringComparer.Ordinal);
        return found.Length > 0 ? found : throw new DataFormatException(folder, $"there is no file {pattern}, nor {otherwise}.");
    }

    static StoredSet OpenHalf(string half, string[] names, string[] files)
    {
        byte[][] batches = Array.ConvertAll(files, ReadBatch);
        int count = batches.Sum(batch => batch.Length / (Values + 1));
        var values = new byte[checked(count * Values)];
        var labels = new byte[count];
        int at = 0;
        for (int file = 0; file < files.Length; file++)
        {
            for (int record = 0; record < batches[file].Length; record += Values + 1, at++)
            {
                labels[at] = batches[file][record];
                if (labels[at] >= Classes)
                    throw new DataFormatException(files[file], $"the label of picture {record / (Values + 1)} is {labels[at]}; labels are 0 to {Classes - 1}.");
                batches[file].AsSpan(record + 1, Values).CopyTo(values.AsSpan(at * Values));
            }
        }

        return new StoredSet($"cifar10 {half} ({count})", new Shape(1, 3, Side, Side), names, values, labels);
    }

    static byte[] ReadBatch(string path)
    {
        long length = new FileInfo(path).Length;
        if (length == 0 || length % (Values + 1) != 0)
            throw new DataFormatException(path, $"it has {length} bytes, which is no whole number of pictures of {Values + 1}.");
        return File.ReadAllBytes(path);
    }

    static string[] ClassNames(string folder)
    {
        string path = Path.Combine(folder, "batches.meta.txt");
        if (!File.Exists(path)) return [.. Enumerable.Range(0, Classes).Select(i => $"{i}")];
        string[] names = [.. File.ReadLines(path).Select(line => line.Trim()).Where(line => line.Length > 0)];
        return names.Length == Classes ? names : throw new DataFormatException(path, $"it names {names.Length} classes, not {Classes}.");
    }
}
