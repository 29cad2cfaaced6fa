using Preimage.Layers.Weights;

namespace Preimage.Layers.Kinds;

/// <summary>The shape rules that layers over rows and columns share.</summary>
internal static class SpatialShapes
{
    /// <summary>An array of the rank of <paramref name="x"/> with other channels and plane.</summary>
    public static Shape WithPlane(Shape x, int channels, int height, int width) => x.Rank == 4
        ? new Shape(x.N, channels, height, width)
        : new Shape(x.N, channels, width);

    public static void RequireSpatial(Shape x, string what)
    {
        if (x.Rank < 3)
            throw new ShapeException($"{what} needs an input of rank 3 (N, C, L) or 4 (N, C, H, W), not {x}");
    }

    /// <summary>Filters must be two leading extents and the window's.</summary>
    public static void RequireFilters(WeightSource filters, Window window, int inputRank, string what)
    {
        int rank = filters.Extents.Count;
        bool fits = rank == inputRank && rank switch
        {
            3 => filters.Extents[2] == window.Kernel.X && window.Kernel.Y == 1,
            4 => filters.Extents[2] == window.Kernel.Y && filters.Extents[3] == window.Kernel.X,
            _ => false,
        };
        if (!fits)
        {
            throw new ShapeException($"{what} {string.Join('x', filters.Extents)} do not fit a {window.Kernel.Y}x{window.Kernel.X} window " +
                $"over an input of rank {inputRank}");
        }
    }

    public static void RequireBias(WeightSource? bias, int channels) => RequireCount(bias, channels, "bias");

    public static void RequireCount(WeightSource? values, int count, string what)
    {
        if (values is not null && values.Count != count)
            throw new ShapeException($"{what} has {values.Count} values where {count} channels need one each");
    }
}
