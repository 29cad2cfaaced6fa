using Preimage.Cpu.Images;
using Preimage.Layers.Loops;

namespace Preimage.Layers.Backends.Cpu.Arrays;

internal sealed unsafe partial class CpuArrayOperators
{
    public void Crop(DeviceArray<float> canvas, DeviceArray<float> crop, DeviceArray<int> offsets)
    {
        Shape outer = canvas.Shape, inner = crop.Shape;
        (int top, int left) = Corner(nameof(Crop), outer, inner, offsets);
        PlaneCrop.Forward(execution, outer.N * outer.C, outer.H, outer.W, inner.H, inner.W, top, left, Floats(canvas), Floats(crop));
    }

    public void CropBackward(DeviceArray<float> crop, DeviceArray<float> canvas, DeviceArray<int> offsets)
    {
        Shape outer = canvas.Shape, inner = crop.Shape;
        (int top, int left) = Corner(nameof(CropBackward), outer, inner, offsets);
        PlaneCrop.Backward(execution, outer.N * outer.C, outer.H, outer.W, inner.H, inner.W, top, left, Floats(crop), Floats(canvas));
    }

    public void Warp(DeviceArray<float> x, DeviceArray<float> transforms, DeviceArray<float> y)
    {
        Shape from = x.Shape, to = y.Shape;
        ArrayChecks.SamePlanes(nameof(Warp), "x", from, "y", to);
        float* transform = Floats(transforms) + Entry(nameof(Warp), "transforms", transforms.Shape, 6);
        PlaneWarp.Forward(execution, from.N * from.C, from.H, from.W, to.H, to.W, transform, Floats(x), Floats(y));
    }

    public void WarpBackward(DeviceArray<float> y, DeviceArray<float> transforms, DeviceArray<float> x)
    {
        Shape from = x.Shape, to = y.Shape;
        ArrayChecks.SamePlanes(nameof(WarpBackward), "x", from, "y", to);
        float* transform = Floats(transforms) + Entry(nameof(WarpBackward), "transforms", transforms.Shape, 6);
        PlaneWarp.Backward(execution, from.N * from.C, from.H, from.W, to.H, to.W, transform, Floats(y), Floats(x));
    }

    /// <summary>The window's first row and column in this iteration.</summary>
    (int Top, int Left) Corner(string call, Shape canvas, Shape crop, DeviceArray<int> offsets)
    {
        ArrayChecks.Window(call, canvas, crop);
        int* entry = (int*)offsets.Address + Entry(call, "offsets", offsets.Shape, 2);
        (int top, int left) = (entry[0], entry[1]);
        return top >= 0 && top <= canvas.H - crop.H && left >= 0 && left <= canvas.W - crop.W
            ? (top, left)
            : throw new PreimageException(
                $"{call}: the offset of iteration {Iteration} is ({top}, {left}), where a crop of {crop} in {canvas} leaves 0 to {canvas.H - crop.H} and 0 to {canvas.W - crop.W}");
    }
}
