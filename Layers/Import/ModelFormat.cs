using Preimage.Layers.Import.Caffe;
using Preimage.Layers.Import.MatConvNet;
using Preimage.Layers.Import.Onnx;
using Preimage.Layers.Weights;

namespace Preimage.Layers.Import;

/// <summary>A file format that models come in.</summary>
internal abstract class ModelFormat
{
    // In the order in which they are asked; ONNX has no mark of its own and comes last.
    static readonly ModelFormat[] s_formats = [new MatConvNetFormat(), new CaffeFormat(), new OnnxFormat()];

    /// <summary>The name of the format.</summary>
    public abstract string Name { get; }

    /// <summary>Reads a model, whatever its format.</summary>
    /// <param name="file">Its bytes; freed with the network, or here when reading fails.</param>
    /// <param name="path">Where it came from, or null.</param>
    /// <param name="options">How to load it.</param>
    /// <exception cref="ModelException">The file is in no known format, or is refused.</exception>
    public static Network Load(MappedFile file, string? path, LoadOptions options)
    {
        var storage = new MappedStorage(file);
        try
        {
            ModelFormat format = Array.Find(s_formats, f => f.Recognises(file)) ?? throw new ModelException(
                $"this is no model in a known format ({string.Join(", ", s_formats.Select(f => f.Name))})");
            return format.Read(file, storage, path, options);
        }
        catch (ModelException e) when (path is not null && e.Node is null)
        {
            storage.Release();
            throw new ModelException($"'{path}': {e.Message}", e);
        }
        catch
        {
            storage.Release();
            throw;
        }
    }

    /// <summary>Whether a file looks like this format.</summary>
    private protected abstract bool Recognises(MappedFile file);

    /// <summary>Reads the model; the network owns the storage from then on.</summary>
    private protected abstract Network Read(MappedFile file, MappedStorage storage, string? path, LoadOptions options);
}
