using Preimage.Interop.Cuda;
using Preimage.Interop.Cuda.Dnn;

namespace Preimage.Interop.Tests.Handles;

/// <summary>Pooling, activations, normalisation, softmax and element-wise calls through the wrappers, on values small enough to work out by hand.</summary>
public sealed class DnnLayerTests : DnnTest
{
    [Fact]
    public void Pooling_GivesTheMaximum_AndItsPlaceTheGradient()
    {
        using PoolingDescriptor pooling = new(PoolingMode.MaxDeterministic, 2, 2, 0, 0, 2, 2);
        using TensorDescriptor large = new(1, 1, 2, 4), small = new(1, 1, 1, 2);
        Assert.Equal((1, 2), pooling.Output(large));
        nint x = On([1, 5, 2, 0, 3, 4, 7, 6]), y = On([0, 0]), dx = On(new float[8]);
        using var current = Context.MakeCurrent();
        Dnn.Pool(pooling, large, x, small, y);
        Assert.Equal([5, 7], Back(y, 2));
        Dnn.PoolBack(pooling, small, y, small, On([10, 20]), large, x, large, dx);
        Assert.Equal([0, 10, 0, 0, 0, 0, 20, 0], Back(dx, 8));
    }

    [Fact]
    public void Averages_CountPaddingOrNot()
    {
        using PoolingDescriptor with = new(PoolingMode.AverageWithPadding, 2, 2, 1, 1, 2, 2), without = new(PoolingMode.Average, 2, 2, 1, 1, 2, 2);
        using TensorDescriptor shape = new(1, 1, 2, 2);
        nint x = On([4, 8, 12, 16]), y = On(new float[4]);
        using var current = Context.MakeCurrent();
        Dnn.Pool(with, shape, x, shape, y);
        Assert.Equal([1, 2, 3, 4], Back(y, 4));
        Dnn.Pool(without, shape, x, shape, y);
        Assert.Equal([4, 8, 12, 16], Back(y, 4));
    }

    [Fact]
    public void Activation_AndItsGradient()
    {
        using ActivationDescriptor relu = new(ActivationMode.Relu), clipped = new(ActivationMode.ClippedRelu, 2);
        using TensorDescriptor shape = new(1, 3, 1, 1);
        nint x = On([-1, 1, 3]), y = On(new float[3]), dx = On([1, 1, 1]);
        using var current = Context.MakeCurrent();
        Dnn.Activate(clipped, shape, x, shape, y);
        Assert.Equal([0, 1, 2], Back(y, 3));
        Dnn.Activate(relu, shape, x, shape, y);
        Dnn.ActivateBack(relu, shape, y, shape, On([5, 6, 7]), shape, x, shape, dx, alpha: 2, beta: 1);
        Assert.Equal([1, 13, 15], Back(dx, 3));
    }

    [Fact]
    public void Normalisation_DividesAlphaByTheSize_AndItsGradientIsTheDerivative()
    {
        using LrnDescriptor lrn = new(3, alpha: 3, beta: 1, k: 1);
        using TensorDescriptor shape = new(1, 3, 1, 1);
        float[] values = [1, 2, 3], signal = [1, -2, 0.5f];
        nint x = On(values), y = On(new float[3]), dx = On(new float[3]);
        using var current = Context.MakeCurrent();
        Dnn.Normalise(lrn, shape, x, shape, y);
        double[] scale = [1 + 1 + 4, 1 + 1 + 4 + 9, 1 + 4 + 9];
        float[] normalised = Back(y, 3);
        for (int i = 0; i < 3; i++) Assert.Equal(values[i] / scale[i], normalised[i], 1e-6);
        Dnn.NormaliseBack(lrn, shape, y, shape, On(signal), shape, x, shape, dx);
        float[] gradient = Back(dx, 3);
        for (int j = 0; j < 3; j++)
        {
            double expected = signal[j] / scale[j];
            for (int i = Math.Max(0, j - 1); i <= Math.Min(2, j + 1); i++) expected -= signal[i] * values[i] * 2 * values[j] / (scale[i] * scale[i]);
            Assert.Equal(expected, gradient[j], 1e-6);
        }
    }

    [Fact]
    public void Softmax_SumsToOne_AndItsGradientToZero()
    {
        using TensorDescriptor shape = new(1, 2, 1, 2);
        nint x = On([100, 1, 100, 2]), y = On(new float[4]), dx = On(new float[4]);
        using var current = Context.MakeCurrent();
        Dnn.Softmax(SoftmaxAlgorithm.Accurate, SoftmaxMode.Channel, shape, x, shape, y);
        float[] p = Back(y, 4);
        Assert.Equal(0.5, p[0], 1e-6);
        Assert.Equal(1 / (1 + Math.E), p[1], 1e-6);
        Dnn.SoftmaxBack(SoftmaxAlgorithm.Accurate, SoftmaxMode.Channel, shape, y, shape, On([1, 0, 0, 1]), shape, dx);
        float[] gradient = Back(dx, 4);
        Assert.Equal(0.25, gradient[0], 1e-6);
        Assert.Equal(-0.25, gradient[2], 1e-6);
        Assert.Equal(p[1] * p[3], gradient[3], 1e-6);
    }

    [Fact]
    public void Tensors_AreJoinedAddedReducedSetScaledAndTransformed()
    {
        using OpTensorDescriptor multiply = new(TensorOperation.Multiply);
        using ReduceTensorDescriptor sum = new(Reduction.Add);
        using TensorDescriptor shape = new(1, 2, 1, 2), channels = new(1, 2, 1, 1), turned = new(1, 2, 1, 2, 4, 1, 4, 2);
        nint a = On([1, 2, 3, 4]), c = On(new float[4]), bias = On([10, 20]), sums = On([1, 1]);
        using var current = Context.MakeCurrent();
        Dnn.Join(multiply, 2, shape, a, 1, channels, bias, 0, shape, c);
        Assert.Equal([20, 40, 120, 160], Back(c, 4));
        Dnn.Add(1, channels, bias, 0.5f, shape, c);
        Assert.Equal([20, 30, 80, 100], Back(c, 4));
        long bytes = Dnn.ReductionWorkspace(sum, shape, channels);
        Dnn.Reduce(sum, bytes == 0 ? 0 : On(new float[bytes]), bytes, 1, shape, c, 2, channels, sums);
        Assert.Equal([52, 182], Back(sums, 2));
        Dnn.Scale(shape, a, 3);
        Dnn.Transform(1, shape, a, 0, turned, c);
        Assert.Equal([3, 9, 6, 12], Back(c, 4));
        Dnn.Set(shape, c, 8);
        Assert.Equal([8, 8, 8, 8], Back(c, 4));
    }
}
