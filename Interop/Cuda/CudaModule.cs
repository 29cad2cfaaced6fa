using System.Text;
using Preimage.Native.Cuda;
using static Preimage.Native.Cuda.CudaDriver;

namespace Preimage.Interop.Cuda;

/// <summary>PTX that the driver has compiled for the device.</summary>
internal sealed unsafe class CudaModule : ContextChild
{
    const int LogBytes = 8192;

    /// <summary>Compiles PTX; the driver keeps what it compiled in its cache on disk.</summary>
    /// <param name="context">Where.</param>
    /// <param name="ptx">The text, ended by a zero byte or not.</param>
    /// <exception cref="CudaException">The driver refuses it; the message ends with its log.</exception>
    public CudaModule(CudaContext context, ReadOnlySpan<byte> ptx)
        : base(context)
    {
        using var current = context.MakeCurrent();
        byte[] text = [.. ptx, 0], log = new byte[LogBytes];
        nint native;
        CUresult status;
        fixed (byte* image = text, written = log)
        {
            // The values ride in the pointers themselves.
            int* options = stackalloc int[] { CU_JIT_ERROR_LOG_BUFFER, CU_JIT_ERROR_LOG_BUFFER_SIZE_BYTES };
            void** values = stackalloc void*[] { written, (void*)LogBytes };
            status = cuModuleLoadDataEx(&native, image, 2, options, values);
        }
        int length = Array.IndexOf(log, (byte)0);
        status.ThrowIfFailed($"cuModuleLoadDataEx({ptx.Length} bytes of PTX) {Encoding.UTF8.GetString(log, 0, length < 0 ? LogBytes : length).Trim()}".TrimEnd());
        Attach(native, owned: true, context);
    }

    /// <summary>One of its entries.</summary>
    /// <exception cref="CudaException">It has no such entry.</exception>
    public CudaKernel Kernel(string name)
    {
        using var current = Context.MakeCurrent();
        nint function;
        fixed (byte* text = Encoding.UTF8.GetBytes(name + '\0')) cuModuleGetFunction(&function, Handle, text).ThrowIfFailed($"cuModuleGetFunction({name})");
        return new CudaKernel(this, name, function);
    }

    /// <summary>Address and bytes of one of its global variables.</summary>
    /// <exception cref="CudaException">It has no such variable.</exception>
    public (nint Address, long Bytes) Global(string name)
    {
        using var current = Context.MakeCurrent();
        ulong address;
        nuint bytes;
        fixed (byte* text = Encoding.UTF8.GetBytes(name + '\0')) cuModuleGetGlobal_v2(&address, &bytes, Handle, text).ThrowIfFailed($"cuModuleGetGlobal_v2({name})");
        return ((nint)address, (long)bytes);
    }

    private protected override CUresult Destroy() => cuModuleUnload(handle);
}
