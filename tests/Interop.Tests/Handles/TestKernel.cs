using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Preimage.Interop.Cuda;
using Preimage.Tests.Shared.Cuda;

namespace Preimage.Interop.Tests.Handles;

/// <summary>A kernel of the tests' own: PTX without a body for the driver, and what it does, in C#, for the simulator.</summary>
internal static unsafe class TestKernel
{
    /// <summary>x[i] *= factor for i below count.</summary>
    public const string Ptx = """
        .version 6.3
        .target sm_75
        .address_size 64
        .visible .entry test_scale(
            .param .u64 test_scale_param_0,
            .param .f32 test_scale_param_1,
            .param .u32 test_scale_param_2
        )
        {
            ret;
        }
        """;

    static readonly byte[] s_name = Encoding.UTF8.GetBytes("test_scale\0");
    static Registered* s_registered;

    /// <summary>Tells the simulator of it, until it is started anew, and loads it.</summary>
    public static CudaModule Load(CudaContext context)
    {
        if (s_registered is null)
        {
            // The simulator keeps these addresses for as long as the process lives.
            byte* name = (byte*)NativeMemory.Alloc((nuint)s_name.Length), sizes = (byte*)NativeMemory.Alloc(3);
            s_name.CopyTo(new Span<byte>(name, s_name.Length));
            new ReadOnlySpan<byte>([8, 4, 4]).CopyTo(new Span<byte>(sizes, 3));
            s_registered = (Registered*)NativeMemory.Alloc((nuint)sizeof(Registered));
            *s_registered = new Registered { Name = name, Parameters = 3, Sizes = sizes, Run = &Run };
        }
        ((delegate* unmanaged<Registered*, void>)Simulator.Export("cusim_register_kernel"))(s_registered);
        return new CudaModule(context, Encoding.UTF8.GetBytes(Ptx));
    }

    /// <summary>Launches it.</summary>
    public static void Scale(CudaKernel kernel, CudaStream stream, LaunchShape shape, nint x, float factor, int count)
    {
        void** arguments = stackalloc void*[] { &x, &factor, &count };
        kernel.Launch(stream, shape, arguments);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    static void Run(void** arguments, uint* shape)
    {
        float* x = *(float**)arguments[0];
        for (int i = 0; i < *(int*)arguments[2]; i++) x[i] *= *(float*)arguments[1];
    }

    struct Registered
    {
        public byte* Name;
        public int Parameters;
        public byte* Sizes;
        public delegate* unmanaged[Cdecl]<void**, uint*, void> Run;
    }
}
