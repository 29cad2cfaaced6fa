using Preimage.Interop.Cuda;
using Preimage.Interop.Cuda.Kernels;
using Preimage.Layers.Loops;

namespace Preimage.Layers.Backends.Cuda.Arrays;

/// <summary>What differs from iteration to iteration: crops and warps, steps of an optimiser, and the note of an iteration.</summary>
internal sealed partial class CudaArrayOperators
{
    public void Crop(DeviceArray<float> canvas, DeviceArray<float> crop, DeviceArray<int> offsets)
    {
        Shape from = canvas.Shape, to = crop.Shape;
        ArrayChecks.Window(nameof(Crop), from, to);
        ArrayChecks.Table(nameof(Crop), "offsets", offsets.Shape, 2);
        PreimageKernels.JitterCrop(Kernels, Stream, LaunchShape.Over(to.Count), canvas.Address, crop.Address, offsets.Address, Iteration, Planes(to), from.H, from.W, to.H, to.W);
    }

    public void CropBackward(DeviceArray<float> crop, DeviceArray<float> canvas, DeviceArray<int> offsets)
    {
        Shape from = crop.Shape, to = canvas.Shape;
        ArrayChecks.Window(nameof(CropBackward), to, from);
        ArrayChecks.Table(nameof(CropBackward), "offsets", offsets.Shape, 2);
        PreimageKernels.JitterCropBackward(Kernels, Stream, LaunchShape.Over(to.Count), crop.Address, canvas.Address, offsets.Address, Iteration, Planes(to), to.H, to.W,
            from.H, from.W);
    }

    public void Warp(DeviceArray<float> x, DeviceArray<float> transforms, DeviceArray<float> y)
    {
        Shape from = x.Shape, to = y.Shape;
        ArrayChecks.SamePlanes(nameof(Warp), "x", from, "y", to);
        ArrayChecks.Table(nameof(Warp), "transforms", transforms.Shape, 6);
        WarpKernels.Warp(Kernels, Stream, LaunchShape.Over(to.Count), x.Address, y.Address, transforms.Address, Iteration, Planes(to), from.H, from.W, to.H, to.W);
    }

    public void WarpBackward(DeviceArray<float> y, DeviceArray<float> transforms, DeviceArray<float> x)
    {
        Shape from = y.Shape, to = x.Shape;
        ArrayChecks.SamePlanes(nameof(WarpBackward), "x", to, "y", from);
        ArrayChecks.Table(nameof(WarpBackward), "transforms", transforms.Shape, 6);
        WarpKernels.WarpBackward(Kernels, Stream, LaunchShape.Over(to.Count), y.Address, x.Address, transforms.Address, Iteration, Planes(to), to.H, to.W, from.H, from.W);
    }

    public void MomentumStep(
        DeviceArray<float> x, DeviceArray<float> gradient, DeviceArray<float>? squares, DeviceArray<float> momentum, DeviceArray<float> rates, float rho, float radius)
    {
        ArrayChecks.Same(nameof(MomentumStep), "gradient", gradient.Shape, "x", x.Shape);
        ArrayChecks.Same(nameof(MomentumStep), "momentum", momentum.Shape, "x", x.Shape);
        if (squares is not null)
            ArrayChecks.Same(nameof(MomentumStep), "squares", squares.Shape, "x", x.Shape);
        ArrayChecks.Share(nameof(MomentumStep), "rho", rho);
        ArrayChecks.Positive(nameof(MomentumStep), "radius", radius, mayBeInfinite: true);
        PreimageKernels.PreimageStep(Kernels, Stream, OverPixels(x), x.Address, gradient.Address, squares?.Address ?? 0, momentum.Address, rates.Address, Iteration, rho,
            radius, x.Shape.N, x.Shape.C, Plane(x));
    }

    public void AdamStep(
        DeviceArray<float> x, DeviceArray<float> gradient, DeviceArray<float> mean, DeviceArray<float> variance, DeviceArray<float> rates, float b1, float b2, float epsilon,
        float radius)
    {
        ArrayChecks.Same(nameof(AdamStep), "gradient", gradient.Shape, "x", x.Shape);
        ArrayChecks.Same(nameof(AdamStep), "mean", mean.Shape, "x", x.Shape);
        ArrayChecks.Same(nameof(AdamStep), "variance", variance.Shape, "x", x.Shape);
        ArrayChecks.Table(nameof(AdamStep), "rates", rates.Shape, 2);
        ArrayChecks.Share(nameof(AdamStep), "b1", b1);
        ArrayChecks.Share(nameof(AdamStep), "b2", b2);
        ArrayChecks.Positive(nameof(AdamStep), "epsilon", epsilon, mayBeInfinite: false);
        ArrayChecks.Positive(nameof(AdamStep), "radius", radius, mayBeInfinite: true);
        PreimageKernels.AdamStep(Kernels, Stream, OverPixels(x), x.Address, gradient.Address, mean.Address, variance.Address, rates.Address, Iteration, b1, b2, epsilon,
            radius, x.Shape.N, x.Shape.C, Plane(x));
    }

    public void Note(
        DeviceArray<double> energies, DeviceArray<double> ring, DeviceArray<double> total, DeviceArray<float> x, DeviceArray<float> best, DeviceArray<double> lowest)
    {
        (int terms, int slots) = ArrayChecks.Note(energies.Shape, ring.Shape, total.Shape, x.Shape, best.Shape, lowest.Shape);
        int rows = x.Shape.N;
        PreimageKernels.NoteEnergies(Kernels, Stream, LaunchShape.Over(rows), energies.Address, ring.Address, total.Address, Iteration, terms, rows, slots);
        PreimageKernels.KeepLowest(Kernels, Stream, LaunchShape.Over(x.Count), x.Address, best.Address, total.Address, lowest.Address, rows, x.Shape.SampleCount);
        PreimageKernels.NoteLowest(Kernels, Stream, LaunchShape.Over(rows), total.Address, lowest.Address, rows);
    }

    static long Planes(Shape shape) => (long)shape.N * shape.C;

    static LaunchShape OverPixels(DeviceArray<float> x) => LaunchShape.Over((long)x.Shape.N * Plane(x));
}
