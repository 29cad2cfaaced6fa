using Preimage.Layers.Import.Matlab;
using Preimage.Layers.Weights;

namespace Preimage.Layers.Import.MatConvNet;

/// <summary>Reads <c>meta</c>: size of the input, average image, classes. Very old files have its fields at the top level.</summary>
internal static class MetadataReader
{
    /// <summary>Reads what the file says.</summary>
    /// <param name="find">A field of <c>meta</c>, or the variable of that name.</param>
    /// <exception cref="ModelException">A field is of another kind than documented.</exception>
    public static ModelMetadata Read(Func<string, MatArray?> find)
    {
        MatArray? classes = find("classes");
        return new ModelMetadata
        {
            ClassNames = Texts(classes, "name"),
            ClassDescriptions = Texts(classes, "description"),
            Normalisation = Normalisation(find("normalization") ?? find("normalisation"), find("inputSize")),
        };
    }

    static InputNormalisation? Normalisation(MatArray? fields, MatArray? inputSize)
    {
        if ((Numbers(fields?.Field("imageSize"), "imageSize") ?? Numbers(inputSize, "inputSize")) is not { } size)
            return null;
        if (size.Length is < 2 or > 4 || size.Any(s => !(s >= 1 && s <= 1 << 16 && s == Math.Floor(s))))
            throw Refused($"the size of the input is {string.Join('x', size)}: rows, columns and channels from 1 to {1 << 16} are expected");
        // A fourth number is the size of the batch in training; of one channel the third is dropped.
        var shape = new Shape(1, size.Length > 2 ? (int)size[2] : 1, (int)size[0], (int)size[1]);
        MemoryWeights? average = Average(fields?.Field("averageImage"), shape);
        return new InputNormalisation
        {
            InputShape = shape,
            AverageImage = average,
            ChannelMeans = average is null ? [] : Means(average),
            Interpolation = fields?.Field("interpolation") is { Text: { Length: > 0 } text } ? text : null,
            KeepAspect = Numbers(fields?.Field("keepAspect"), "keepAspect") is [var keep] ? keep != 0 : null,
            Border = Pair(fields?.Field("border"), "border"),
            CropSize = Pair(fields?.Field("cropSize"), "cropSize"),
        };
    }

    static MemoryWeights? Average(MatArray? array, Shape input)
    {
        if (array is null || array.Count == 0)
            return null;
        RequireNumbers(array, "averageImage");
        float[] values = array.ToSingles();
        int[] e = array.Extents;
        int c = e.Length > 2 ? e[2] : 1;
        // One value per channel comes as 1x1x3, and in some files as 3x1 or 1x3.
        if (e.Length == 2 && array.Count == input.C)
            return new MemoryWeights(values, input.C, 1, 1);
        if (c != input.C || e.Skip(3).Any(extent => extent != 1) || !((e[0], e[1]) == (1, 1) || (e[0], e[1]) == (input.H, input.W)))
            throw Refused($"averageImage is {array} where the input is {input.H}x{input.W}x{input.C}");
        var rows = new float[values.Length];
        for (int i = 0; i < rows.Length; i++)
        {
            // Column-major rows x columns x channels.
            int plane = e[0] * e[1], inside = i % plane;
            rows[i] = values[i - inside + inside % e[1] * e[0] + inside / e[1]];
        }

        return new MemoryWeights(rows, c, e[0], e[1]);
    }

    static double[] Means(MemoryWeights average)
    {
        float[] values = average.ToArray();
        int plane = values.Length / average.Extents[0];
        return [.. values.Chunk(plane).Select(p => p.Average(v => (double)v))];
    }

    static string[] Texts(MatArray? classes, string field) => classes?.Field(field) switch
    {
        null or { Count: 0 } => [],
        { Class: MatClass.Cell, Children: { } cells } when cells.All(c => c.Text is not null || c.Count == 0) => [.. cells.Select(c => c.Text ?? "")],
        var other => throw Refused($"classes.{field} is a {other}: a cell array of text is expected"),
    };

    static (double Y, double X)? Pair(MatArray? array, string field) => Numbers(array, field) switch
    {
        null => null,
        [var both] => (both, both),
        [var y, var x] => (y, x),
        var several => throw Refused($"{field} has {several.Length} numbers: 1 or 2 are expected"),
    };

    static double[]? Numbers(MatArray? array, string field)
    {
        if (array is null || array.Count == 0)
            return null;
        RequireNumbers(array, field);
        return array.Count <= 16 ? [.. Enumerable.Range(0, array.Count).Select(array.Number)] : throw Refused($"{field} has {array.Count} numbers");
    }

    static void RequireNumbers(MatArray array, string field)
    {
        if (!array.Class.IsNumeric() || array.IsComplex)
            throw Refused($"{field} is a {array} array: real numbers are expected");
    }

    static ModelException Refused(string reason) => new($"the file's meta data: {reason}");
}
