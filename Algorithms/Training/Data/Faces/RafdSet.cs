using Preimage.Algorithms.Imaging;
using Preimage.Algorithms.Training.Data.Files;
using Preimage.Layers;

namespace Preimage.Algorithms.Training.Data.Faces;

/// <summary>Photos of the Radboud faces, cropped and stretched to one size when they are read.</summary>
internal sealed class RafdSet(
    string name, FaceTask task, int size, FaceCrop? crop, int[] subjects, (string Path, FaceAttributes Face)[] files, long cache) : CachedSet(cache), IFaceSet
{
    /// <inheritdoc/>
    public override string Name => $"{name} ({(task == FaceTask.Identity ? "identity" : "emotion")}, {size}x{size}{(crop is null ? "" : $" of {crop.Width}x{crop.Height} at ({crop.Left}, {crop.Top})")}, {files.Length})";

    /// <inheritdoc/>
    public override Shape SampleShape { get; } = new(1, 3, size, size);

    /// <inheritdoc/>
    public override IReadOnlyList<string> Classes { get; } = task == FaceTask.Emotion ? FaceName.Emotions : [.. subjects.Select(subject => $"{subject:d2}")];

    /// <inheritdoc/>
    public override int Count => files.Length;

    /// <inheritdoc/>
    public FaceAttributes Attributes(int index)
    {
        Require(index);
        return files[index].Face;
    }

    /// <inheritdoc/>
    public override int Label(int index)
    {
        FaceAttributes face = Attributes(index);
        return task == FaceTask.Identity ? Array.BinarySearch(subjects, face.Subject) : (int)face.Emotion;
    }

    /// <inheritdoc/>
    public override string Title(int index)
    {
        Require(index);
        return Path.GetFileNameWithoutExtension(files[index].Path);
    }

    /// <inheritdoc/>
    protected override void Make(int index, Span<byte> values)
    {
        string path = files[index].Path;
        Planes.Write(PictureForm.Apply(FaceCrop.Apply(crop, Picture.Load(path), path), size, size, 3), values);
    }
}
