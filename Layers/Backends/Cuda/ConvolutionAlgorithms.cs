using Preimage.Cpu;
using Preimage.Interop.Cuda;
using Preimage.Interop.Cuda.Dnn;

namespace Preimage.Layers.Backends.Cuda;

/// <summary>Which of cuDNN's algorithms a convolution uses: the first that its heuristics offer and the precision allows, never one by timing.</summary>
/// <remarks>Remembered by problem, so that a backend's plans all use the same one, whatever memory is free.</remarks>
internal sealed class ConvolutionAlgorithms : IDisposable
{
    /// <summary>Workspace that an algorithm may take; not measured on a GPU yet.</summary>
    const long MostWorkspace = 512L << 20;

    readonly Lock _gate = new();
    readonly Dictionary<(ConvolutionGeometry, int, ConvolutionPassKind), ConvolutionChoice> _chosen = [];
    readonly Precision _precision;
    readonly CudaContext _context;
    CudaStream? _stream;
    DnnHandle? _dnn;

    public ConvolutionAlgorithms(CudaContext context, Precision precision) => (_context, _precision) = (context, precision);

    /// <summary>The arithmetic asked for: TF32 only where the precision allows it.</summary>
    public ConvolutionMath Math => _precision == Precision.Fast ? ConvolutionMath.Default : ConvolutionMath.Fma;

    /// <exception cref="PreimageException">None will do.</exception>
    public ConvolutionChoice Choose(in ConvolutionGeometry g, int rows, ConvolutionPassKind kind, TensorDescriptor x, FilterDescriptor w,
        ConvolutionDescriptor convolution, TensorDescriptor y)
    {
        lock (_gate)
        {
            if (_chosen.TryGetValue((g, rows, kind), out ConvolutionChoice known))
                return known;
            _stream ??= new CudaStream(_context);
            _dnn ??= new DnnHandle(_stream);
            using CurrentContext current = _context.MakeCurrent();
            List<ConvolutionChoice> offered = kind switch
            {
                ConvolutionPassKind.Forward => _dnn.ForwardChoices(x, w, convolution, y),
                ConvolutionPassKind.Data => _dnn.BackDataChoices(w, y, convolution, x),
                _ => _dnn.BackFilterChoices(x, y, convolution, w),
            };
            foreach (ConvolutionChoice choice in offered)
            {
                if (!IsAllowed(choice, kind))
                    continue;
                _chosen.Add((g, rows, kind), choice);
                return choice;
            }

            throw new PreimageException($"cuDNN {DnnHandle.Version} offers {offered.Count} algorithms for the {kind} pass of {g} with {rows} rows, none of them "
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
}
