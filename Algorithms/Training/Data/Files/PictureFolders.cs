using Preimage.Algorithms.Imaging;
using Preimage.Layers;

namespace Preimage.Algorithms.Training.Data.Files;

/// <summary>Folders of pictures, one folder for a class.</summary>
internal static class PictureFolders
{
    // Of a folder without halves, one picture in five is tested on.
    const int TestPart = 5;

    static readonly string[] s_extensions = [".png", ".jpg", ".jpeg", ".ppm", ".pgm"];

    /// <summary>Opens DIR/train/CLASS and DIR/test/CLASS, or DIR/CLASS with a drawn split.</summary>
    /// <exception cref="DataFormatException">There is no picture, a half or a class lacks some, or the halves have other classes.</exception>
    public static DataSplit Open(string folder, PictureForm form, long cache, ulong seed)
    {
        string train = Path.Combine(folder, "train"), test = Path.Combine(folder, "test");
        bool halves = Directory.Exists(train) && Directory.Exists(test);
        var learnt = Files(halves ? train : folder);
        var tested = halves ? Files(test) : [];
        if (!halves) (learnt, tested) = Split(learnt, seed);
        string[] classes = [.. learnt.Keys];
        if (!tested.Keys.SequenceEqual(classes))
        {
            string odd = tested.Keys.Except(classes).Concat(classes.Except(tested.Keys)).First();
            throw new DataFormatException(folder, $"the class '{odd}' is not in both halves.");
        }

        Picture first = Picture.Load(learnt.First().Value[0]);
        var shape = new Shape(1, form.Channels ?? first.Channels, form.Size ?? first.Height, form.Size ?? first.Width);
        return new DataSplit(Half("train", learnt), Half("test", tested));

        PictureFileSet Half(string half, SortedDictionary<string, string[]> files) => new(
            $"{Path.GetFileName(Path.TrimEndingDirectorySeparator(folder))} {half}", shape, classes,
            [.. classes.SelectMany((name, label) => files[name].Select(path => (path, label)))], cache);
    }

    static SortedDictionary<string, string[]> Files(string folder)
    {
        var classes = new SortedDictionary<string, string[]>(StringComparer.Ordinal);
        foreach (string path in Directory.GetDirectories(folder))
        {
            string[] files = [.. Directory.GetFiles(path).Where(f => s_extensions.Contains(Path.GetExtension(f), StringComparer.OrdinalIgnoreCase)).Order(StringComparer.Ordinal)];
            if (files.Length == 0) throw new DataFormatException(path, $"there is no picture ({string.Join(", ", s_extensions)}).");
            classes.Add(Path.GetFileName(path), files);
        }

        return classes.Count > 0 ? classes : throw new DataFormatException(folder, "there is no folder in it; each class is a folder of pictures.");
    }

    static (SortedDictionary<string, string[]> Train, SortedDictionary<string, string[]> Test) Split(SortedDictionary<string, string[]> all, ulong seed)
    {
        var halves = (Train: new SortedDictionary<string, string[]>(StringComparer.Ordinal), Test: new SortedDictionary<string, string[]>(StringComparer.Ordinal));
        ulong stream = 0;
        foreach ((string name, string[] files) in all)
        {
            if (files.Length < 2)
                throw new DataFormatException(files[0], $"it is the only picture of the class '{name}': one is needed to learn from and one to test on.");
            int[] order = SeededOrder.Of(files.Length, seed, stream++);
            var tested = order.Take((files.Length + TestPart - 1) / TestPart).ToHashSet();
            halves.Test.Add(name, [.. files.Where((_, i) => tested.Contains(i))]);
            halves.Train.Add(name, [.. files.Where((_, i) => !tested.Contains(i))]);
        }

        return halves;
    }
}
