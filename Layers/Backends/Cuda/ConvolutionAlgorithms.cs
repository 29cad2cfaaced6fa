using System.Globalization;
using Preimage.Cpu;
using Preimage.Interop.Cuda;
using Preimage.Interop.Cuda.Dnn;

namespace Preimage.Layers.Backends.Cuda;

/// <summary>Which of cuDNN's algorithms a convolution uses: the one a tuning names, else the first that cuDNN's heuristics offer and the precision allows; by timing only
/// in <see cref="Tune"/>.</summary>
/// <remarks>Remembered by problem, so that a backend's plans all use the same one, whatever memory is free.</remarks>
internal sealed class ConvolutionAlgorithms : IDisposable
{
    /// <summary>Workspace that an algorithm may take; not measured on a GPU yet.</summary>
    const long MostWorkspace = 512L << 20;

    readonly Lock _gate = new();
    readonly Dictionary<(ConvolutionGeometry, int, ConvolutionPassKind), ConvolutionChoice> _chosen = [];
    readonly Precision _precision;
    readonly CudaContext _context;
    readonly Dictionary<string, TunedConvolution> _tuned = [];
    CudaStream? _stream;
    DnnHandle? _dnn;
    bool _timing;

    /// <exception cref="PreimageException">The tuning is of another GPU, cuDNN or precision.</exception>
    public ConvolutionAlgorithms(CudaContext context, Precision precision, ConvolutionTuning? tuning)
    {
        (_context, _precision) = (context, precision);
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

    /// <exception cref="PreimageException">None will do, or the one that a tuning names is not offered.</exception>
    public ConvolutionChoice Choose(in ConvolutionGeometry g, ConvolutionPlanes planes, int rows, ConvolutionPassKind kind, TensorDescriptor x, FilterDescriptor w,
        ConvolutionDescriptor convolution, TensorDescriptor y)
    {
        lock (_gate)
        {
            if (_chosen.TryGetValue((g, rows, kind), out ConvolutionChoice known))
                return known;
            _stream ??= new CudaStream(_context);
            _dnn ??= new DnnHandle(_stream);
            using CurrentContext current = _context.MakeCurrent();
            string problem = Problem(g, rows, kind);
            List<ConvolutionChoice> offered = _timing
                ? ConvolutionTimes.Of(_stream, _dnn, g, planes, rows, kind, x, w, convolution, y, MostWorkspace)
                : Offered(kind, x, w, convolution, y);
            TunedConvolution? tuned = _timing ? null : _tuned.GetValueOrDefault(problem);
            foreach (ConvolutionChoice choice in offered)
            {
                if (!IsAllowed(choice, kind) || tuned is not null && (choice.Algorithm, choice.Math != ConvolutionMath.Fma) != (tuned.Algorithm, tuned.UsesTensorFloat))
                    continue;
                if (_timing)
                    _tuned[problem] = new TunedConvolution(problem, choice.Algorithm, choice.Math != ConvolutionMath.Fma, choice.Milliseconds);
                _chosen.Add((g, rows, kind), choice);
                return choice;
            }

            throw new PreimageException(tuned is not null
                ? $"the tuning names algorithm {tuned.Algorithm} ({DnnAlgorithms.Name(kind, tuned.Algorithm)}) for {problem}, which cuDNN {DnnHandle.Version} does not offer: make a new one (Engine.Tune)"
                : $"cuDNN {DnnHandle.Version} offers {offered.Count} algorithms for the {kind} pass of {g} with {rows} rows, none of them "
                    + $"deterministic, in {_precision} precision and within {MostWorkspace >> 20} MB of workspace");
        }
    }

    public void Dispose()
    {
        _dnn?.Dispose();
        _stream?.Dispose();
    }

    bool IsAllowed(ConvolutionChoice choice, ConvolutionPassKind kind) =>
        choice.IsDeterministic && choice.WorkspaceBytes <= MostWorkspace
        && (_precision == Precision.Fast || choice.Math == ConvolutionMath.Fma)
        && (_precision != Precision.Strict || DnnAlgorithms.SumsDirectly(kind, choice.Algorithm));

    List<ConvolutionChoice> Offered(ConvolutionPassKind kind, TensorDescriptor x, FilterDescriptor w, ConvolutionDescriptor convolution, TensorDescriptor y) => kind switch
    {
        ConvolutionPassKind.Forward => _dnn!.ForwardChoices(x, w, convolution, y),
        ConvolutionPassKind.Data => _dnn!.BackDataChoices(w, y, convolution, x),
        _ => _dnn!.BackFilterChoices(x, y, convolution, w),
    };

    ConvolutionTuning Tuning(IReadOnlyList<TunedConvolution> convolutions) => new(_context.Device.Name, $"{DnnHandle.Version}", _precision, convolutions);

    static string Problem(in ConvolutionGeometry g, int rows, ConvolutionPassKind kind) => string.Create(CultureInfo.InvariantCulture,
        $"{kind} {rows}x{g.C}x{g.H}x{g.W} to {g.K}x{g.OutH}x{g.OutW}, {g.R}x{g.S} stride {g.StrideY}x{g.StrideX} pad {g.PadTop}x{g.PadLeft} dilation {g.DilationY}x{g.DilationX} groups {g.Groups}");
}
