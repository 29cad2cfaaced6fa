using System.Runtime.Intrinsics;

namespace Preimage.Cpu.Simd;

/// <summary>Code written once for every instruction set; its fields are its arguments.</summary>
internal interface ISimdKernel
{
    void Run<TS, TV>() where TS : struct, ISimd<TV> where TV : unmanaged;
}

/// <summary>The one place where an instruction set becomes code.</summary>
internal static class SimdDispatch
{
    /// <summary>Runs a kernel with an instruction set; the kernel's type being a struct, each pair is compiled for itself.</summary>
    public static void Run<TKernel>(this Isa isa, ref TKernel kernel) where TKernel : struct, ISimdKernel
    {
        switch (isa)
        {
            case Isa.Avx512:
                kernel.Run<Simd512, Vector512<float>>();
                break;
            case Isa.Avx2:
                kernel.Run<Simd256, Vector256<float>>();
                break;
            case Isa.Neon:
                kernel.Run<Simd128, Vector128<float>>();
                break;
            default:
                kernel.Run<SimdScalar, float>();
                break;
        }
    }
}
