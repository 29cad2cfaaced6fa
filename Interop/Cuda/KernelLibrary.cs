using Preimage.Native;

namespace Preimage.Interop.Cuda;

/// <summary>Our kernels in a context, compiled by the driver when a family is first asked for. Any thread may use it.</summary>
/// <remarks>The first launch of a family is not to be captured: <see cref="Load"/> it before.</remarks>
internal sealed class KernelLibrary(CudaContext context) : IDisposable
{
    readonly Lock _gate = new();
    readonly Dictionary<string, CudaModule> _modules = [];
    CudaKernel?[] _kernels = [];
    bool _disposed;

    /// <summary>Where they run.</summary>
    public CudaContext Context { get; } = context;

    /// <summary>The kernel of a launcher. Allocates nothing but the first time.</summary>
    public CudaKernel this[KernelEntry entry] =>
        Volatile.Read(ref _kernels) is var kernels && entry.Index < kernels.Length && kernels[entry.Index] is { } kernel ? kernel : Find(entry);

    /// <summary>Has the driver compile a family, once.</summary>
    /// <exception cref="CudaException">The driver refuses it.</exception>
    public void Load(string family)
    {
        lock (_gate) Module(family);
    }

    /// <summary>Unloads what was compiled. Nothing may be running.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            Volatile.Write(ref _kernels, []);
            foreach (var module in _modules.Values) module.Dispose();
            _modules.Clear();
        }
    }

    CudaKernel Find(KernelEntry entry)
    {
        lock (_gate)
        {
            var kernel = Module(entry.Family).Kernel(entry.Name);
            // Readers hold no lock: they see the old array or the complete new one.
            var longer = new CudaKernel?[Math.Max(_kernels.Length, entry.Index + 1)];
            _kernels.CopyTo(longer, 0);
            longer[entry.Index] = kernel;
            Volatile.Write(ref _kernels, longer);
            return kernel;
        }
    }

    CudaModule Module(string family)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (!_modules.TryGetValue(family, out var module))
            _modules[family] = module = new CudaModule(Context, Ptx(family));
        return module;
    }

    /// <summary>The embedded PTX of a family.</summary>
    static byte[] Ptx(string family)
    {
        using var stream = typeof(Libraries).Assembly.GetManifestResourceStream($"Kernels/{family}.ptx")
            ?? throw new ArgumentException($"There is no Native/Kernels/{family}.ptx.", nameof(family));
        byte[] text = new byte[stream.Length];
        stream.ReadExactly(text);
        return text;
    }
}
