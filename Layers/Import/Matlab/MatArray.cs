namespace Preimage.Layers.Import.Matlab;

/// <summary>One array of a MAT file: numbers, text, cells or structs. Elements are in column-major order, as MATLAB has them.</summary>
internal sealed class MatArray(MatClass type, int[] extents, string name)
{
    /// <summary>What it is.</summary>
    public MatClass Class { get; } = type;

    /// <summary>Rows, columns and so on; at least two.</summary>
    public int[] Extents { get; } = extents;

    /// <summary>The variable's name; empty inside cells and structs.</summary>
    public string Name { get; } = name;

    /// <summary>The numbers of an array of class single or of a small integer class.</summary>
    public float[]? Singles { get; init; }

    /// <summary>The numbers of an array of class double or of a wide integer class.</summary>
    public double[]? Doubles { get; init; }

    /// <summary>The characters of a char array, column by column.</summary>
    public string? Text { get; init; }

    /// <summary>The contents of a cell array, or of a struct array field by field: element e's field f is at e * fields + f.</summary>
    public MatArray[]? Children { get; init; }

    /// <summary>The names of a struct's fields.</summary>
    public string[]? Fields { get; init; }

    /// <summary>Whether the numbers are complex; the imaginary parts are not kept.</summary>
    public bool IsComplex { get; init; }

    /// <summary>How many elements there are.</summary>
    public int Count { get; } = extents.Aggregate(1, (a, b) => a * b);

    /// <summary>Whether this is a struct or a struct array.</summary>
    public bool IsStruct => Class is MatClass.Struct && Fields is not null;

    /// <summary>Number i.</summary>
    public double Number(int i) => Singles is not null ? Singles[i] : Doubles![i];

    /// <summary>All numbers as float32; wider ones are rounded.</summary>
    public float[] ToSingles() => Singles ?? Array.ConvertAll(Doubles!, d => (float)d);

    /// <summary>A field of a struct array's element, or null where the struct has no such field.</summary>
    public MatArray? Field(string field, int element = 0)
    {
        int at = Fields is null ? -1 : Array.IndexOf(Fields, field);
        return at < 0 || element >= Count ? null : Children![element * Fields!.Length + at];
    }

    /// <summary>Class and extents: 11x11x3x96 single.</summary>
    public override string ToString() => $"{string.Join('x', Extents)} {(IsComplex ? "complex " : "")}{Class.ToString().ToLowerInvariant()}";
}
