using Preimage.Layers.Import.Matlab;
using Preimage.Layers.Weights;

namespace Preimage.Layers.Import.MatConvNet;

/// <summary>MatConvNet's networks in MAT files: SimpleNN (a cell array of layers) and DagNN (structs of layers and parameters).</summary>
internal sealed class MatConvNetFormat : ModelFormat
{
    public override string Name => "MatConvNet";

    private protected override bool Recognises(MappedFile file) => MatFile.Recognises(file);

    private protected override Network Read(MappedFile file, MappedStorage storage, string? path, LoadOptions options) =>
        new MatConvNetImporter(MatFile.Read(file), options).Read(storage, path);
}
