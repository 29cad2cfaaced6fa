using Preimage.Layers;
using Preimage.Layers.Topologies;

namespace Preimage.Algorithms.Metrics;

/// <summary>HOG of maps that are drawn in grey.</summary>
internal sealed class HogLook : IDisposable
{
    readonly Network _network;
    readonly Engine _engine;
    readonly ExecutionPlan _plan;

    HogLook(int height, int width, int cell)
    {
        _network = Descriptors.Hog(height, width, cell);
        _engine = _network.On(Device.Cpu);
        _plan = _engine.Plan(new PlanOptions());
    }

    /// <summary>The descriptor with cells of 16 pixels, smaller ones where there would be less than four a side; null below 8 pixels.</summary>
    public static HogLook? For(int height, int width)
    {
        int cell = Math.Min(16, Math.Min(height, width) / 4 / 2 * 2);
        return cell >= 2 ? new HogLook(height, width, cell) : null;
    }

    /// <summary>The descriptor of a map.</summary>
    /// <param name="shown">One channel of 0 to 1.</param>
    public float[] Of(float[] shown)
    {
        _plan.SetInput(_network.Input, Array.ConvertAll(shown, v => 255 * v));
        _plan.Forward();
        var values = new float[_plan.ShapeOf(_network.Output).Count];
        _plan.Read(_network.Output, values);
        return values;
    }

    public void Dispose()
    {
        _plan.Dispose();
        _engine.Dispose();
        _network.Dispose();
    }
}
