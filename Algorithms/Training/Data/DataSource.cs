using Preimage.Algorithms.Training.Data.Digits;
using Preimage.Algorithms.Training.Data.Faces;
using Preimage.Algorithms.Training.Data.Files;

namespace Preimage.Algorithms.Training.Data;

/// <summary>Opens labelled pictures by a text, as a command line has it.</summary>
/// <remarks>
/// <list type="table">
/// <item><term><c>mnist:DIR</c></term><description>the IDX files of MNIST or of a set in its form, packed with gzip or not</description></item>
/// <item><term><c>cifar10:DIR</c></term><description>CIFAR-10's binary version, or parts of it</description></item>
/// <item><term><c>folder:DIR[,size=N][,colour=grey|rgb]</c></term><description>DIR/train/CLASS/* and DIR/test/CLASS/*, or DIR/CLASS/* of which a seeded
/// fifth is kept for the test; png, jpg, ppm and pgm, stretched to N x N, else to the first one's size</description></item>
/// <item><term><c>digits[,train=N][,test=N]</c></term><description>drawn digits, made from the seed; 10000 and 2000 unless told</description></item>
/// <item><term><c>faces[,task=identity|emotion][,size=N][,persons=N]</c></term><description>drawn faces with the file names' attributes and the splits of the Radboud faces; 67 persons unless told</description></item>
/// <item><term><c>rafd:DIR[,task=identity|emotion][,size=N][,crop=T,L,H,W]</c></term><description>the Radboud faces themselves, cropped to a rectangle of the files, else to the
/// central square</description></item>
/// </list>
/// All but mnist and cifar10 take <c>cache=MB</c> too: how much of the samples each half keeps once they are made or decoded.
/// </remarks>
public static class DataSource
{
    const int FaceSize = 224;

    /// <summary>The texts that <see cref="Open"/> reads, for a help page.</summary>
    public static IReadOnlyList<string> Forms { get; } =
    [
        "mnist:DIR",
        "cifar10:DIR",
        "folder:DIR[,size=N][,colour=grey|rgb]",
        "digits[,train=N][,test=N]",
        "faces[,task=identity|emotion][,size=N][,persons=N]",
        "rafd:DIR[,task=identity|emotion][,size=N][,crop=T,L,H,W]",
    ];

    /// <summary>Whether a text names a kind of data, as <c>faces,size=64</c> or <c>mnist:DIR</c> do, rather than a folder; what follows the kind is not looked at.</summary>
    public static bool IsNamedBy(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string kind = text.Split(':', ',')[0];
        return Forms.Any(form => form.Split(':', '[')[0] == kind);
    }

    /// <summary>Opens samples to learn from and samples to test on.</summary>
    /// <param name="text">One of the forms above.</param>
    /// <param name="seed">What drawn samples and drawn splits follow from; a set that comes split in files does not depend on it.</param>
    /// <exception cref="FormatException">The text is none of the forms.</exception>
    /// <exception cref="DataFormatException">A file or folder is missing, damaged, or not what its name says.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static DataSplit Open(string text, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(text);
        var source = SourceText.Parse(text);
        DataSplit split = source.Kind switch
        {
            "mnist" => MnistFiles.Open(source.Folder()),
            "cifar10" => CifarFiles.Open(source.Folder()),
            "folder" => PictureFolders.Open(source.Folder(), PictureForm.Read(source), source.CacheBytes(), seed),
            "digits" => DigitSet.Split(source.NoFolder().Number("train", 10_000), source.Number("test", 2_000), source.CacheBytes(), seed),
            "faces" => FaceSet.Split(Task(source.NoFolder()), Size(source), source.CacheBytes(), seed, source.Number("persons", FaceSet.Subjects, FaceSet.Subjects)),
            "rafd" => RafdFiles.Open(source.Folder(), Task(source), Size(source), FaceCrop.Read(source), source.CacheBytes(), seed),
            _ => throw source.Error($"'{source.Kind}' is no kind of data; there are {string.Join(", ", Forms)}"),
        };
        source.RequireAllRead();
        return split;

        static FaceTask Task(SourceText text) => (FaceTask)text.Choice("task", "identity", "emotion");

        static int Size(SourceText text) => text.Number("size", FaceSize, PictureForm.MostSide);
    }
}
