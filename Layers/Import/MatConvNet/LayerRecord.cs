using Preimage.Layers.Import.Matlab;

namespace Preimage.Layers.Import.MatConvNet;

/// <summary>One layer of a file, SimpleNN or DagNN, in the same terms.</summary>
/// <param name="name">The layer's name.</param>
/// <param name="type">Its type as SimpleNN calls it: conv, pool.</param>
/// <param name="fields">The struct with its settings.</param>
/// <param name="weights">Its arrays of parameters in order.</param>
internal sealed class LayerRecord(string name, string type, MatArray fields, IReadOnlyList<MatArray> weights)
{
    // The limit of every window (Window.Validate).
    const int Limit = 1 << 20;

    public string Name => name;

    public string Type => type;

    public IReadOnlyList<MatArray> Weights => weights;

    /// <summary>An error about this layer.</summary>
    public ModelException Refused(string reason) => new(name, type, reason);

    /// <summary>A field's numbers under any of its names, or null where it is not there or empty.</summary>
    public double[]? Numbers(params ReadOnlySpan<string> names)
    {
        foreach (string field in names)
        {
            if (fields.Field(field) is not { } array || array.Count == 0)
                continue;
            RequireNumbers(array, $"field '{field}'");
            // Settings are a handful of numbers; more is another kind of field.
            return array.Count <= 16
                ? [.. Enumerable.Range(0, array.Count).Select(array.Number)]
                : throw Refused($"field '{field}' has {array.Count} numbers: at most 16 are expected");
        }

        return null;
    }

    /// <summary>One number, or its default.</summary>
    public double Number(string field, double otherwise) => Numbers(field) switch
    {
        null => otherwise,
        [var one] => one,
        var several => throw Refused($"field '{field}' has {several.Length} numbers: one is expected"),
    };

    /// <summary>Rows and columns: one whole number for both, or two.</summary>
    public (int Y, int X)? Pair(params ReadOnlySpan<string> names) => Numbers(names) switch
    {
        null => null,
        [var both] => (Whole(both, names[0]), Whole(both, names[0])),
        [var y, var x] => (Whole(y, names[0]), Whole(x, names[0])),
        var several => throw Refused($"field '{names[0]}' has {several.Length} numbers: 1 or 2 are expected"),
    };

    /// <summary>Padding or cropping: one number for all sides, two for rows and columns, or top, bottom, left and right.</summary>
    public (int Top, int Left, int Bottom, int Right) Sides(string field)
    {
        int[] sides = Array.ConvertAll(Numbers(field) ?? [0], n => Whole(n, field));
        return sides switch
        {
            [var all] => (all, all, all, all),
            [var y, var x] => (y, x, y, x),
            [var top, var bottom, var left, var right] => (top, left, bottom, right),
            _ => throw Refused($"field '{field}' has {sides.Length} numbers: 1, 2 or 4 (top, bottom, left, right) are expected"),
        };
    }

    /// <summary>A field's text, or its default.</summary>
    public string Text(string field, string otherwise) => fields.Field(field) switch
    {
        null or { Count: 0 } => otherwise,
        { Text: { } text } => text,
        var other => throw Refused($"field '{field}' is a {other}: text is expected"),
    };

    /// <summary>A number that counts something.</summary>
    public int Whole(double value, string field) => value >= 0 && value <= Limit && value == Math.Floor(value)
        ? (int)value
        : throw Refused($"field '{field}' holds {value}: whole numbers from 0 to {Limit} are expected");

    /// <summary>Checks that an array holds real numbers.</summary>
    public void RequireNumbers(MatArray array, string what)
    {
        if (!array.Class.IsNumeric() || array.IsComplex)
            throw Refused($"{what} is a {array} array: full arrays of real numbers are read");
    }
}
