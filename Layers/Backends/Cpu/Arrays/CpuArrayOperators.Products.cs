using Preimage.Cpu;
using Preimage.Cpu.Gemm;
using Preimage.Layers.Loops;

namespace Preimage.Layers.Backends.Cpu.Arrays;

internal sealed unsafe partial class CpuArrayOperators
{
    public void Product(int m, int n, int k, DeviceArray<float> a, bool transposeA, DeviceArray<float> b, bool transposeB, float alpha, float beta, DeviceArray<float> c)
    {
        int products = ArrayChecks.Product(m, n, k, a.Shape, b.Shape, c.Shape);
        BatchedProduct.Run(execution, products, m, n, k, new Factor(Floats(a), transposeA, a.Count > (long)m * k), new Factor(Floats(b), transposeB, b.Count > (long)k * n), alpha, beta,
            Floats(c), Scratch(BatchedProduct.ScratchBytes(execution, m, n, alpha, beta)));
    }
}
