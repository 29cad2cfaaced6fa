using Preimage.Layers.Import.Matlab;
using Preimage.Layers.Weights;

namespace Preimage.Layers.Import.MatConvNet;

/// <summary>Turns parameters from MATLAB's column-major order into ours, each array once: layers that share one share its source.</summary>
/// <remarks>
/// Column-major h x w x C x K is row-major K x C x w x h: what is left to do is to transpose each plane, in place, so that a network's weights
/// are never in memory twice.
/// </remarks>
internal sealed class StoredWeights
{
    readonly Dictionary<MatArray, (bool Filters, MemoryWeights Weights)> _made = new(ReferenceEqualityComparer.Instance);

    /// <summary>Filters h x w x C x K as [K][C][h][w].</summary>
    public MemoryWeights Filters(LayerRecord layer, int index)
    {
        MatArray array = Array(layer, index, "filters");
        int[] e = array.Extents;
        // MATLAB drops extents of 1 at the end.
        if (e.Skip(4).Any(extent => extent != 1))
            throw layer.Refused($"its filters are {array}: height x width x channels x filters are expected");
        int h = e[0], w = e[1], c = e.Length > 2 ? e[2] : 1, k = e.Length > 3 ? e[3] : 1;
        return Once(layer, array, true, values =>
        {
            TransposePlanes(values, h, w);
            return new MemoryWeights(values, k, c, h, w);
        });
    }

    /// <summary>A row or column of values, or null where there is none.</summary>
    public MemoryWeights? Vector(LayerRecord layer, int index, string what)
    {
        if (index >= layer.Weights.Count || layer.Weights[index].Count == 0)
            return null;
        MatArray array = Array(layer, index, what);
        if (array.Extents.Count(extent => extent != 1) > 1)
            throw layer.Refused($"its {what} are {array}: a row or column is expected");
        return Once(layer, array, false, values => new MemoryWeights(values, values.Length));
    }

    /// <summary>The two columns of a C x 2 array: means and deviations.</summary>
    public static (float[] First, float[] Second) Columns(LayerRecord layer, int index, string what)
    {
        MatArray array = Array(layer, index, what);
        if (array.Extents is not [var rows, 2] || rows == 0)
            throw layer.Refused($"its {what} are {array}: channels x 2 are expected");
        float[] values = array.ToSingles();
        return (values[..rows], values[rows..]);
    }

    static MatArray Array(LayerRecord layer, int index, string what)
    {
        if (index >= layer.Weights.Count || layer.Weights[index].Count == 0)
            throw layer.Refused($"it has no {what}");
        layer.RequireNumbers(layer.Weights[index], what);
        return layer.Weights[index];
    }

    MemoryWeights Once(LayerRecord layer, MatArray array, bool filters, Func<float[], MemoryWeights> make)
    {
        if (!_made.TryGetValue(array, out (bool Filters, MemoryWeights Weights) made))
            _made[array] = made = (filters, make(array.ToSingles()));
        return made.Filters == filters ? made.Weights : throw layer.Refused($"one array of {array} serves as filters here and as a vector elsewhere");
    }

    static void TransposePlanes(float[] values, int h, int w)
    {
        if (h <= 1 || w <= 1)
            return;
        var plane = new float[h * w];
        for (int at = 0; at < values.Length; at += plane.Length)
        {
            values.AsSpan(at, plane.Length).CopyTo(plane);
            for (int y = 0, to = at; y < h; y++)
            {
                for (int x = 0; x < w; x++)
                    values[to++] = plane[x * h + y];
            }
        }
    }
}
