using System.Globalization;
using Preimage.Cpu;
using Preimage.Interop.Cuda;
using Preimage.Interop.Cuda.Dnn;

namespace Preimage.Layers.Backends.Cuda;

/// <summary>Which of cuDNN's algorithms a convolution uses: the one a tuning names, else the first that cuDNN's heuristics offer, the precision allows and that runs; by timing
/// only in <see cref="Tune"/>.</summary>
/// <remarks>Remembered by problem, so that a backend's plans all use the same one, whatever memory is free.</remarks>
internal sealed class ConvolutionAlgorithms
{
    /// <summary>Workspace that an algorithm may take; not measured on a GPU yet.</summary>
    const long MostWorkspace = 512L << 20;

    /// <summary>Memory that trying an algorithm may take: beyond it the first that is offered is taken untried.</summary>
    const long MostRehearsal = 8L << 30;

    /// <summary>A workspace beyond it is a wrong answer: no device has as much memory.</summary>
    const long Impossible = 1L << 40;

    readonly Lock _gate = new();
    readonly Dictionary<(ConvolutionGeometry, int, ConvolutionPassKind), ConvolutionDecision> _chosen = [];
    readonly Precision _precision;
    readonly CudaContext _context;
    readonly IdleHandles _idle;
    readonly Dictionary<string, TunedConvolution> _tuned = [];
    bool _timing;

    /// <exception cref="PreimageException">The tuning is of another GPU, cuDNN or precision.</exception>
    public ConvolutionAlgorithms(CudaContext context, IdleHandles idle, Precision precision, ConvolutionTuning? tuning)
    {
        (_context, _idle, _precision) = (context, idle, precision);
        if (tuning is null)
            return;
        ConvolutionTuning here = Tuning([]);
        if ((tuning.Gpu, tuning.Cudnn, tuning.Precision) != (here.Gpu, here.Cudnn, here.Precision))
        {
            throw new PreimageException($"the tuning is of {tuning.Gpu} with cuDNN {tuning.Cudnn} in {tuning.Precision} precision, "
                + $"this is {here.Gpu} with cuDNN {here.Cudnn} in {here.Precision} precision: make one here (Engine.Tune)");
        }

        foreach (TunedConvolution convolution in tuning.Convolutions)
            _tuned[convolution.Problem] = convolution;
    }

    /// <summary>The arithmetic asked for: TF32 only where the precision allows it.</summary>
    public ConvolutionMath Math => _precision == Precision.Fast ? ConvolutionMath.Default : ConvolutionMath.Fma;

    /// <summary>Chooses by timing while some work prepares convolutions; what was chosen before is chosen anew.</summary>
    /// <returns>All choices so far, which hold for what is prepared from now on.</returns>
    public ConvolutionTuning Tune(Action prepare)
    {
        lock (_gate)
        {
            _timing = true;
            _chosen.Clear();
            try
            {
                prepare();
            }
            finally
            {
                _timing = false;
            }

            return Tuning([.. _tuned.Values.OrderBy(t => t.Problem, StringComparer.Ordinal)]);
        }
    }

    /// <exception cref="PreimageException">None will do, or the one that a tuning names does not.</exception>
    public ConvolutionDecision Choose(ConvolutionProblem problem)
    {
        lock (_gate)
        {
            var key = (problem.Geometry, problem.Rows, problem.Kind);
            if (_chosen.TryGetValue(key, out ConvolutionDecision known))
                return known;
            using CurrentContext current = _context.MakeCurrent();
            StreamHandles handles = _idle.Take();
            try
            {
                using var rehearsal = new ConvolutionRehearsal(handles.Stream, handles.Dnn, problem);
                (ConvolutionDecision decision, bool ran) = Choose(problem, handles.Dnn, rehearsal);
                // For want of memory to try it in it may be refused later: then another is chosen for what is prepared from then on.
                if (ran)
                    _chosen.Add(key, decision);
                return decision;
            }
            finally
            {
                _idle.GiveBack(handles);
            }
        }
    }

    (ConvolutionDecision Decision, bool Ran) Choose(ConvolutionProblem problem, DnnHandle dnn, ConvolutionRehearsal rehearsal)
    {
        string name = Problem(problem.Geometry, problem.Rows, problem.Kind);
        TunedConvolution? tuned = _timing ? null : _tuned.GetValueOrDefault(name);
        List<ConvolutionChoice> candidates = tuned is not null
            ? [new ConvolutionChoice(tuned.Algorithm, 0, true, tuned.UsesTensorFloat ? ConvolutionMath.Default : ConvolutionMath.Fma, -1)]
            : ConvolutionCandidates.Of(problem.Kind, _precision, _timing ? rehearsal.Times(MostWorkspace) : problem.Offered(dnn));
        var refusals = new List<string>();
        foreach (ConvolutionChoice candidate in WithinWorkspace(problem, dnn, candidates, refusals))
        {
            if (Rehearsed(problem, rehearsal, candidate, refusals) is not { } found)
                continue;
            if (_timing)
                _tuned[name] = new TunedConvolution(name, candidate.Algorithm, candidate.Math != ConvolutionMath.Fma, candidate.Milliseconds);
            return found;
        }

        string tried = string.Join("; ", refusals);
        throw new PreimageException(tuned is not null
            ? $"the tuning names algorithm {tuned.Algorithm} ({DnnAlgorithms.Name(problem.Kind, tuned.Algorithm)}) for {name}, which cuDNN {DnnHandle.Version} refuses: make a new one (Engine.Tune); tried {tried}"
            : $"cuDNN {DnnHandle.Version} has no algorithm for the {name} that is deterministic, in {_precision} precision, and runs; tried {tried}");
    }

    /// <summary>Candidates with the workspace that they take in the arithmetic they will run in; those that take more than they may come last, the smallest first: they
    /// are better than none.</summary>
    static List<ConvolutionChoice> WithinWorkspace(ConvolutionProblem problem, DnnHandle dnn, List<ConvolutionChoice> candidates, List<string> refusals)
    {
        var asked = new List<ConvolutionChoice>();
        foreach (ConvolutionChoice candidate in candidates)
        {
            try
            {
                problem.Math = candidate.Math;
                long bytes = problem.Workspace(dnn, candidate.Algorithm);
                if (bytes < Impossible)
                    asked.Add(candidate with { WorkspaceBytes = bytes });
                else
                    refusals.Add($"{DnnAlgorithms.Name(problem.Kind, candidate.Algorithm)}: asks for {bytes} bytes of workspace");
            }
            catch (CudaException e) when (ConvolutionRehearsal.IsRefusal(e))
            {
                refusals.Add(Refusal(problem, candidate, e));
            }
        }

        return [.. asked.OrderBy(c => c.WorkspaceBytes <= MostWorkspace ? 0 : c.WorkspaceBytes)];
    }

    /// <summary>What a candidate is when it has run, or was not run for want of memory; null where cuDNN refuses it.</summary>
    static (ConvolutionDecision Decision, bool Ran)? Rehearsed(ConvolutionProblem problem, ConvolutionRehearsal rehearsal, ConvolutionChoice candidate, List<string> refusals)
    {
        var decision = new ConvolutionDecision(candidate.Algorithm, candidate.WorkspaceBytes, candidate.Math, Rectifies: false);
        if (rehearsal.Bytes + candidate.WorkspaceBytes > MostRehearsal)
            return (decision, true);
        try
        {
            problem.Math = candidate.Math;
            return (rehearsal.Run(decision), true);
        }
        catch (CudaException e) when (ConvolutionRehearsal.IsRefusal(e))
        {
            refusals.Add(Refusal(problem, candidate, e));
            return null;
        }
        catch (CudaException e) when (e.IsOutOfMemory)
        {
            return (decision, false);
        }
    }

    static string Refusal(ConvolutionProblem problem, ConvolutionChoice candidate, CudaException e) =>
        $"{DnnAlgorithms.Name(problem.Kind, candidate.Algorithm)} ({candidate.WorkspaceBytes >> 20} MB of workspace): {e.Name}{(e.Text.Length > 0 ? $", {e.Text}" : "")}";

    ConvolutionTuning Tuning(IReadOnlyList<TunedConvolution> convolutions) => new(_context.Device.Name, $"{DnnHandle.Version}", _precision, convolutions);

    static string Problem(in ConvolutionGeometry g, int rows, ConvolutionPassKind kind) => string.Create(CultureInfo.InvariantCulture,
        $"{kind} {rows}x{g.C}x{g.H}x{g.W} to {g.K}x{g.OutH}x{g.OutW}, {g.R}x{g.S} stride {g.StrideY}x{g.StrideX} pad {g.PadTop}x{g.PadLeft} dilation {g.DilationY}x{g.DilationX} groups {g.Groups}");
}
