using Preimage.Layers.Export;
using Preimage.Layers.Import;
using Preimage.Layers.Weights;

namespace Preimage.Layers;

public sealed partial class Network
{
    /// <summary>Loads a model file: ONNX (opset 6 to 25) or Caffe's .caffemodel with its .prototxt beside it, whose weights stay in the mapped file, or MatConvNet (a MAT file of level 5, SimpleNN or DagNN).</summary>
    /// <param name="path">The file; weights it keeps in other files must lie in its folder.</param>
    /// <param name="options">How to load it.</param>
    /// <exception cref="ModelException">The model is refused: the message names the node, its operator and the reason.</exception>
    /// <exception cref="IOException">The file is not there or cannot be read.</exception>
    public static Network Load(string path, LoadOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        options ??= new LoadOptions();
        return ModelFormat.Load(MappedFile.Open(path, options.Copy), path, options);
    }

    /// <summary>Loads a model from what is left of a stream, which is copied.</summary>
    /// <exception cref="ModelException">The model is refused: the message names the node, its operator and the reason.</exception>
    public static Network Load(Stream stream, LoadOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return ModelFormat.Load(MappedFile.Of(stream), null, options ?? new LoadOptions());
    }

    /// <summary>Loads a model from bytes, which are copied.</summary>
    /// <exception cref="ModelException">The model is refused: the message names the node, its operator and the reason.</exception>
    public static Network Load(ReadOnlyMemory<byte> model, LoadOptions? options = null) =>
        ModelFormat.Load(MappedFile.Of(model.Span), null, options ?? new LoadOptions());

    /// <summary>Writes the network as an ONNX file, by way of a temporary file beside it: the file it was loaded from may be written.</summary>
    /// <exception cref="PreimageException">A layer has no form in ONNX, or the weights are more than an ONNX file holds.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        OnnxExporter.Save(this, path);
    }

    /// <summary>Writes the network as an ONNX model.</summary>
    /// <exception cref="PreimageException">A layer has no form in ONNX, or the weights are more than an ONNX file holds.</exception>
    public void Save(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        OnnxExporter.Save(this, stream);
    }
}
