using Preimage.Layers;

namespace Preimage.Cli.Documents;

/// <summary>What <c>inspect --json</c> prints.</summary>
internal sealed record InspectDocument(
    ModelDocument Model, IReadOnlyList<ValueDocument> Inputs, IReadOnlyList<ValueDocument> Outputs,
    long Parameters, long MultiplyAdds, IReadOnlyList<NodeDocument> Nodes)
{
    /// <summary>The keys, for the help text.</summary>
    public const string Form =
        "{model{path,sha256}, inputs[{name,shape,free}], outputs[{name,shape,free}], parameters, multiplyAdds, " +
        "nodes[{index,name,operator,inputs,shape,parameters,multiplyAdds,receptiveField{size,stride,offset}|null}]}; pairs are [rows,columns].";
}

/// <summary>An input or output.</summary>
/// <param name="Name">Its node.</param>
/// <param name="Shape">Its extents.</param>
/// <param name="Free">Of an input: which axes may be chosen.</param>
internal sealed record ValueDocument(string Name, int[] Shape, bool[]? Free);

/// <summary>A node.</summary>
internal sealed record NodeDocument(
    int Index, string Name, string Operator, string[] Inputs, int[] Shape, long Parameters, long MultiplyAdds, FieldDocument? ReceptiveField);

/// <summary>A receptive field, rows before columns; offsets count pixels from 1.</summary>
internal sealed record FieldDocument(int[] Size, int[] Stride, double[] Offset)
{
    /// <summary>Describes a field.</summary>
    public static FieldDocument? Of(ReceptiveField? field) => field is { } f
        ? new FieldDocument([f.Size.Y, f.Size.X], [f.Stride.Y, f.Stride.X], [f.Offset.Y, f.Offset.X])
        : null;
}
