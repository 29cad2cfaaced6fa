using Preimage.Algorithms.Experiments.Reproduction;
using Preimage.Algorithms.Imaging;
using Preimage.Layers;
using Preimage.Layers.Kinds;

namespace Preimage.Algorithms.Experiments.ImageRecovery;

/// <summary>The premise of what the paper says of max pooling: a unit that some window picks is one whose filter responds.</summary>
internal static class PickedUnits
{
    const int Filters = 64;

    /// <summary>Notes P(picked | w.y > 0) and P(w.y &lt;= 0 | picked) over all units of a random three-layer network, and the share of windows without a response; a window picks its first largest unit.</summary>
    public static void Study(Picture photo, Window window, ulong seed, Device device, UnitResult result)
    {
        const int Side = RandomSubject.PaperSide;
        using Network network = new RandomNetworks(seed).ThreeLayer(Side, Side, Filters, classes: 1);
        using Engine engine = network.On(device);
        using ExecutionPlan plan = engine.Plan(new PlanOptions { Observe = ["relu"] });
        PreparedInput input = RandomSubject.Prepare(photo, "photo", network);
        plan.SetInput(network.Input, RandomSubject.Flat(input.Tensor));
        plan.Forward();
        Shape shape = plan.ShapeOf(network.Nodes["relu"]);
        var units = new float[shape.Count];
        plan.Read(network.Nodes["relu"], units);

        PlacedWindow placed = window.Place(shape.H, shape.W);
        int plane = shape.H * shape.W;
        long responding = 0, picked = 0, both = 0, silent = 0;
        for (int filter = 0; filter < shape.C; filter++)
        {
            ReadOnlySpan<float> values = units.AsSpan(filter * plane, plane);
            var isPicked = new bool[plane];
            for (int i = 0; i < placed.OutH * placed.OutW; i++)
            {
                int unit = First(values, shape, window, i / placed.OutW * window.Stride.Y - placed.Top, i % placed.OutW * window.Stride.X - placed.Left);
                isPicked[unit] = true;
                silent += values[unit] > 0 ? 0 : 1;
            }

            for (int i = 0; i < plane; i++)
            {
                responding += values[i] > 0 ? 1 : 0;
                picked += isPicked[i] ? 1 : 0;
                both += isPicked[i] && values[i] > 0 ? 1 : 0;
            }
        }

        result.Numbers["picked of responding"] = (double)both / responding;
        result.Numbers["off of picked"] = (double)(picked - both) / picked;
        result.Numbers["silent windows"] = (double)silent / ((long)shape.C * placed.OutH * placed.OutW);
    }

    /// <summary>The first largest value of a window, in the order of rows.</summary>
    static int First(ReadOnlySpan<float> values, Shape shape, Window window, int top, int left)
    {
        int best = -1;
        for (int y = Math.Max(0, top); y < Math.Min(shape.H, top + window.Kernel.Y); y++)
        {
            for (int x = Math.Max(0, left); x < Math.Min(shape.W, left + window.Kernel.X); x++)
            {
                if (best < 0 || values[y * shape.W + x] > values[best])
                    best = y * shape.W + x;
            }
        }

        return best;
    }
}
