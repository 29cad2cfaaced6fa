using System.Diagnostics;
using Preimage.Interop.Cuda;
using Preimage.Layers;

namespace Preimage.Perf.Gpu;

/// <summary>A network ready to run a pass again and again on the first GPU, back from the first logit of each sample.</summary>
internal sealed class GpuRun : IDisposable
{
    /// <summary>The first run makes what is made on first use, the second captures, the third replays.</summary>
    const int WarmRuns = 3;

    readonly CudaContext _context;
    readonly Engine _engine;
    readonly ExecutionPlan _plan;
    readonly BackwardRule? _rule;
    readonly float[] _input, _logits, _seed, _gradient;

    /// <param name="network">The network.</param>
    /// <param name="rule">The way back, or null for none.</param>
    /// <param name="batch">Samples.</param>
    /// <param name="precision">The arithmetic.</param>
    /// <param name="tuned">Whether algorithms are chosen by timing them first.</param>
    public GpuRun(Network network, BackwardRule? rule, int batch, Precision precision, bool tuned = false)
    {
        _rule = rule;
        var options = new PlanOptions { Batch = batch, Keep = rule is null ? Keep.Nothing : Keep.ForBackward };
        _context = CudaContext.Primary();
        _engine = network.On(Device.Cuda(0), new EngineOptions { Precision = precision });
        if (tuned)
            _engine.Tune(options);
        _plan = _engine.Plan(options);
        _input = new float[_plan.ShapeOf(network.Input).Count];
        Values.Fill(0, _input);
        _logits = new float[_plan.ShapeOf(network.Output).Count];
        _seed = new float[_logits.Length];
        for (int n = 0; n < batch; n++)
            _seed[n * (_logits.Length / batch)] = 1;
        _gradient = new float[_input.Length];
        for (int run = 0; run < WarmRuns; run++)
            Carried();
    }

    /// <summary>Packed weights on the device.</summary>
    public long PackedBytes => _engine.PackedBytes;

    /// <summary>The plan's memory on the device.</summary>
    public long PlanBytes => _plan.PeakBytes;

    /// <summary>Bytes of the device that are used, by whomever, once all is done.</summary>
    public long UsedBytes
    {
        get
        {
            _context.Synchronize();
            (long free, long total) = _context.Memory;
            return total - free;
        }
    }

    /// <summary>Milliseconds of each of several passes over what lies on the device: given one after the other, waited for once.</summary>
    /// <remarks>The seed of a way back, a number per logit, is carried over with each run; nothing else is.</remarks>
    public double[] Resident(int runs)
    {
        _context.Synchronize();
        var clock = Stopwatch.StartNew();
        for (int run = 0; run < runs; run++)
            Once();
        _context.Synchronize();
        var times = new double[runs];
        Array.Fill(times, clock.Elapsed.TotalMilliseconds / runs);
        return times;
    }

    /// <summary>Gives the device one pass over what lies there.</summary>
    public void Once()
    {
        _plan.Forward();
        if (_rule is not null)
            _plan.Backward(_seed, _rule);
    }

    /// <summary>One pass as a caller sees it: the input goes over, logits and map come back.</summary>
    public void Carried()
    {
        _plan.Forward(_input, _logits);
        if (_rule is not null)
            _plan.Backward(_seed, _rule, _gradient);
    }

    public void Dispose()
    {
        _plan.Dispose();
        _engine.Dispose();
        _context.Dispose();
    }
}
