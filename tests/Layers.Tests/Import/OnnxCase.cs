using System.Runtime.InteropServices;
using Preimage.Layers.Import.Onnx.Wire;
using Preimage.Tests.Shared;

namespace Preimage.Layers.Tests.Import;

/// <summary>A case of ONNX's own backend tests: a model, its inputs, its outputs.</summary>
internal sealed record OnnxCase(string Group, string Name, string Folder)
{
    public string Model => Path.Combine(Folder, "model.onnx");

    public static IReadOnlyList<OnnxCase> All() =>
    [
        .. from path in Directory.GetDirectories(ReferenceData.Path("onnx_backend_tests/v1.4.1_opset9"))
           from folder in Directory.GetDirectories(path)
           where File.Exists(Path.Combine(folder, "model.onnx"))
           orderby path, folder
           select new OnnxCase(Path.GetFileName(path), Path.GetFileName(folder), folder),
    ];

    public ModelProto Parse() => ModelProto.Parser.ParseFrom(File.ReadAllBytes(Model));

    /// <summary>The tensors of every data set, in the order of the graph's inputs or outputs.</summary>
    public IReadOnlyList<IReadOnlyList<TensorProto>> Data(string kind) =>
    [
        .. from set in Directory.GetDirectories(Folder, "test_data_set_*").Order()
           select (IReadOnlyList<TensorProto>)[.. Directory.GetFiles(set, $"{kind}_*.pb")
               .OrderBy(f => int.Parse(Path.GetFileNameWithoutExtension(f).Split('_')[1]))
               .Select(f => TensorProto.Parser.ParseFrom(File.ReadAllBytes(f)))],
    ];

    public static int[] Extents(TensorProto tensor) => [.. tensor.Dims.Select(d => (int)d)];

    public static float[] Floats(TensorProto tensor) => tensor.RawData.Length > 0
        ? MemoryMarshal.Cast<byte, float>(tensor.RawData.Span).ToArray()
        : [.. tensor.FloatData];

    public static BoundValue Bound(TensorProto tensor) => tensor.DataType switch
    {
        1 => new BoundValue(Floats(tensor), Extents(tensor)),
        7 => new BoundValue(tensor.RawData.Length > 0 ? MemoryMarshal.Cast<byte, long>(tensor.RawData.Span).ToArray() : [.. tensor.Int64Data], Extents(tensor)),
        6 => new BoundValue(MemoryMarshal.Cast<byte, int>(tensor.RawData.Span).ToArray().Select(v => (long)v).ToArray(), Extents(tensor)),
        _ => throw new NotSupportedException($"type {tensor.DataType}"),
    };
}
