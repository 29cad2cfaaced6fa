using Preimage.Layers;
using Preimage.Perf.Networks;

namespace Preimage.Perf.Gpu;

/// <summary>A pass of a network over a batch, in one arithmetic on both sides.</summary>
/// <param name="Network">The network's name.</param>
/// <param name="Pass">The pass.</param>
/// <param name="Batch">Samples.</param>
/// <param name="Precision"><see cref="Precision.Single"/> multiplies float32, <see cref="Precision.Fast"/> TF32.</param>
internal sealed record GpuCase(string Network, Pass Pass, int Batch, Precision Precision)
{
    /// <summary>The networks. Those whose kernels are shortest come first: what a run is cut off from is the long ones.</summary>
    public static readonly string[] Networks = ["resnet-18", "squeezenet", "alexnet", "vgg-16"];

    /// <summary>Small networks at batch 1 are bound by launches, which a replayed graph saves; all others by the kernels both sides call, but for noise.</summary>
    const double SmallBar = 1 / 1.5, LargeBar = 1 / 0.97;

    /// <summary>Our time over eager PyTorch's that is still good enough.</summary>
    public double Bar => Network is "resnet-18" or "squeezenet" && Batch == 1 ? SmallBar : LargeBar;

    /// <summary>fp32 or tf32.</summary>
    public string Arithmetic => Precision == Precision.Fast ? "tf32" : "fp32";

    /// <inheritdoc/>
    public override string ToString() => $"{Network} {Pass.Name}, batch {Batch}, {Arithmetic}";

    /// <summary>The cases that were asked for, of one network, small batches first.</summary>
    public static IEnumerable<GpuCase> Of(string network, SuiteOptions options, IReadOnlyList<string>? arithmetics) =>
        from batch in options.Batches
        from precision in (Precision[])[Precision.Single, Precision.Fast]
        from pass in Pass.All
        let found = new GpuCase(network, pass, batch, precision)
        where arithmetics is null || arithmetics.Contains(found.Arithmetic)
        select found;
}
