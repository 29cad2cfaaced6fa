using Preimage.Cpu;
using Preimage.Cpu.Elementwise;
using Preimage.Cpu.Normalisation;
using Preimage.Layers.Loops;

namespace Preimage.Layers.Backends.Cpu.Arrays;

/// <summary>Arithmetic on arrays, on the processor: every call is done when it returns.</summary>
internal sealed unsafe partial class CpuArrayOperators(Execution execution, DeviceArray<int> counter) : ILoopOperators
{
    AlignedBuffer _scratch = new(0);

    public void Fill(DeviceArray<float> x, float value) => new Span<float>(Floats(x), x.Count).Fill(value);

    public void Copy(DeviceArray<float> from, DeviceArray<float> to)
    {
        bool repeats = ArrayChecks.SameOrOneRow(nameof(Copy), "from", from.Shape, "to", to.Shape);
        for (int row = 0; row < (repeats ? to.Shape.N : 1); row++)
            new ReadOnlySpan<float>(Floats(from), from.Count).CopyTo(new Span<float>(Floats(to) + (nint)row * from.Count, from.Count));
    }

    public void Add(DeviceArray<float> x, DeviceArray<float> y, float factor = 1)
    {
        long stride = Stride(nameof(Add), "x", x, "y", y);
        ScaledAddition.Run(execution, y.Shape.N, y.Shape.SampleCount, Floats(x), stride, factor, null, Floats(y));
    }

    public void Scale(DeviceArray<float> x, DeviceArray<float> y, float factor)
    {
        ArrayChecks.Same(nameof(Scale), "x", x.Shape, "y", y.Shape);
        UnaryMap.Run<Multiple>(execution, Floats(x), Floats(y), y.Count, factor);
    }

    public void ScaleChannels(DeviceArray<float> x, DeviceArray<float> scale, DeviceArray<float>? shift, DeviceArray<float> y)
    {
        Shape shape = x.Shape;
        ArrayChecks.Same(nameof(ScaleChannels), "y", y.Shape, "x", shape);
        ArrayChecks.Channels(nameof(ScaleChannels), "scale", scale.Shape, shape);
        if (shift is not null)
            ArrayChecks.Channels(nameof(ScaleChannels), "shift", shift.Shape, shape);
        ChannelAffine.Run(execution, shape.N, shape.C, shape.H * shape.W, Floats(scale), shift is null ? null : Floats(shift), Floats(x), Floats(y));
    }

    public void Residual(DeviceArray<float> x, DeviceArray<float> target, DeviceArray<float>? mask, float factor, DeviceArray<float> residual)
    {
        ArrayChecks.Same(nameof(Residual), "residual", residual.Shape, "x", x.Shape);
        long toTarget = Stride(nameof(Residual), "target", target, "x", x), toMask = mask is null ? 0 : Stride(nameof(Residual), "mask", mask, "x", x);
        MaskedDifference.Run(execution, x.Shape.N, x.Shape.SampleCount, Floats(x), Floats(target), toTarget, mask is null ? null : Floats(mask), toMask, factor, Floats(residual));
    }

    public void AddScaledRows(DeviceArray<float> x, DeviceArray<double> coefficients, int first, float factor, DeviceArray<float> y)
    {
        long stride = Stride(nameof(AddScaledRows), "x", x, "y", y);
        ArrayChecks.Rows(nameof(AddScaledRows), "coefficients", coefficients.Shape, first, y.Shape.N);
        ScaledAddition.Run(execution, y.Shape.N, y.Shape.SampleCount, Floats(x), stride, factor, (double*)coefficients.Address + first, Floats(y));
    }

    public void Advance() => ++*(int*)counter.Address;

    public void Dispose() => _scratch.Dispose();

    static float* Floats(DeviceArray<float> array) => (float*)array.Address;

    /// <summary>How far the rows of an array are apart that serves those of another: 0 where it has one for all.</summary>
    static long Stride(string call, string name, DeviceArray<float> array, string otherName, DeviceArray<float> other) =>
        ArrayChecks.SameOrOneRow(call, name, array.Shape, otherName, other.Shape) ? 0 : other.Shape.SampleCount;

    /// <summary>Where the entry of this iteration starts in a table of that many numbers for each.</summary>
    /// <exception cref="PreimageException">The table ends before this iteration.</exception>
    int Entry(string call, string name, Shape table, int numbers)
    {
        ArrayChecks.Table(call, name, table, numbers);
        int iteration = Iteration;
        return iteration >= 0 && iteration < table.Count / numbers
            ? iteration * numbers
            : throw new PreimageException($"{call}: {name} has entries for {table.Count / numbers} iterations, none for iteration {iteration}");
    }

    int Iteration => *(int*)counter.Address;

    /// <summary>At least that many bytes of scratch; it grows on the first runs of a body and then stays.</summary>
    nint Scratch(long bytes)
    {
        if (bytes > _scratch.Bytes)
        {
            _scratch.Dispose();
            _scratch = new AlignedBuffer(bytes);
        }

        return _scratch.Address;
    }
}
