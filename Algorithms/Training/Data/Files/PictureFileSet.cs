using Preimage.Algorithms.Imaging;
using Preimage.Layers;

namespace Preimage.Algorithms.Training.Data.Files;

/// <summary>Picture files with labels, decoded and stretched to one size when they are read.</summary>
internal sealed class PictureFileSet(string name, Shape shape, IReadOnlyList<string> classes, (string Path, int Label)[] files, long cache) : CachedSet(cache)
{
    /// <inheritdoc/>
    public override string Name => $"{name} ({files.Length})";

    /// <inheritdoc/>
    public override Shape SampleShape => shape;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Classes => classes;

    /// <inheritdoc/>
    public override int Count => files.Length;

    /// <inheritdoc/>
    public override int Label(int index)
    {
        Require(index);
        return files[index].Label;
    }

    /// <inheritdoc/>
    public override string Title(int index)
    {
        Require(index);
        return $"{classes[files[index].Label]}/{Path.GetFileNameWithoutExtension(files[index].Path)}";
    }

    /// <inheritdoc/>
    protected override void Make(int index, Span<byte> values) =>
        Planes.Write(PictureForm.Apply(Picture.Load(files[index].Path), shape.W, shape.H, shape.C), values);
}
