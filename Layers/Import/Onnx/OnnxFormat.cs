using Preimage.Layers.Weights;

namespace Preimage.Layers.Import.Onnx;

/// <summary>ONNX files: one protobuf message, ModelProto.</summary>
internal sealed class OnnxFormat : ModelFormat
{
    public override string Name => "ONNX";

    // Any protobuf message may be one; what it lacks is said when it is read.
    private protected override bool Recognises(MappedFile file) => true;

    private protected override Network Read(MappedFile file, MappedStorage storage, string? path, LoadOptions options) =>
        new OnnxImporter(file, storage, path, options).Read();
}
