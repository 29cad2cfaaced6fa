using Preimage.Cpu.Reductions;
using Preimage.Layers.Loops;

namespace Preimage.Layers.Backends.Cpu.Arrays;

internal sealed unsafe partial class CpuArrayOperators
{
    public void Sum(DeviceArray<float> x, double factor, DeviceArray<double> results, int first) =>
        Sum(nameof(Sum), x.Shape, x.Shape.SampleCount, new ValueTerms(Floats(x), x.Shape.SampleCount), factor, results, first);

    public void Dot(DeviceArray<float> x, DeviceArray<float> y, double factor, DeviceArray<double> results, int first)
    {
        long stride = Stride(nameof(Dot), "y", y, "x", x);
        Sum(nameof(Dot), x.Shape, x.Shape.SampleCount, new ProductTerms(Floats(x), Floats(y), x.Shape.SampleCount, stride), factor, results, first);
    }

    public void InverseRoots(DeviceArray<double> values)
    {
        foreach (ref double value in new Span<double>((double*)values.Address, values.Count))
            value = value > 0 ? 1 / MathF.Sqrt((float)value) : 0;
    }

    public void Note(DeviceArray<double> energies, DeviceArray<double> ring, DeviceArray<double> total, DeviceArray<float> x, DeviceArray<float> best, DeviceArray<double> lowest)
    {
        (int terms, int slots) = ArrayChecks.Note(energies.Shape, ring.Shape, total.Shape, x.Shape, best.Shape, lowest.Shape);
        int rows = x.Shape.N, count = x.Shape.SampleCount;
        double* from = (double*)energies.Address, sums = (double*)total.Address, least = (double*)lowest.Address;
        new ReadOnlySpan<double>(from, energies.Count).CopyTo(new Span<double>((double*)ring.Address + (nint)(Iteration % slots) * energies.Count, energies.Count));
        for (int row = 0; row < rows; row++)
        {
            double sum = 0;
            for (int term = 0; term < terms; term++)
                sum += from[term * rows + row];
            sums[row] = sum;
            // Written so that not-a-number is never the lowest.
            if (!(sum < least[row]))
                continue;
            least[row] = sum;
            new ReadOnlySpan<float>(Floats(x) + (nint)row * count, count).CopyTo(new Span<float>(Floats(best) + (nint)row * count, count));
        }
    }

    void Sum<TTerms>(string call, Shape x, long terms, TTerms term, double factor, DeviceArray<double> results, int first) where TTerms : struct, ITerms
    {
        ArrayChecks.Rows(call, "results", results.Shape, first, x.N);
        ChunkedSum.Run(execution, x.N, terms, term, factor, (double*)results.Address + first, Scratch(ChunkedSum.ScratchBytes(x.N, terms)));
    }
}
