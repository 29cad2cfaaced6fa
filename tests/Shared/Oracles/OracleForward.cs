using Preimage.Layers;
using Preimage.Layers.Kinds;

namespace Preimage.Tests.Shared.Oracles;

/// <summary>Every layer as a plain loop in double, written from its definition and not from the library's kernels.</summary>
internal static partial class OracleForward
{
    /// <summary>The value of a node.</summary>
    /// <param name="layer">Its layer.</param>
    /// <param name="shape">The shape of its value.</param>
    /// <param name="x">The values of its inputs.</param>
    public static OracleArray Run(Layer layer, Shape shape, params OracleArray[] x) => layer switch
    {
        Constant constant => OracleArray.From(shape, constant.Value!.ToArray()),
        View => new OracleArray(shape, x[0].Values),
        Convolution convolution => Convolve(convolution, shape, x[0]),
        TransposedConvolution transposed => Spread(transposed, shape, x[0]),
        Dense dense => Multiply(dense, shape, x[0]),
        MatrixProduct => Multiply(shape, x[0], x[1]),
        MaxPool pool => Maximum(pool.Sliding, shape, x[0], null),
        GlobalPool { Maximum: true } => Maximum(WholePlane(x[0].Shape), shape, x[0], null),
        AveragePool pool => Mean(pool.Sliding, pool.CountIncludesPad, shape, x[0]),
        GlobalPool => Mean(WholePlane(x[0].Shape), false, shape, x[0]),
        LocalResponseNormalisation lrn => Normalise(lrn, x[0]),
        BatchNormalisation norm => Normalise(norm, x[0]),
        InstanceNormalisation norm => Normalise(norm, x[0]),
        OrientationBinning binning => Bin(binning, shape, x[0]),
        BlockNormalisation norm => Normalise(norm, x[0]),
        Softmax softmax => Exponential(softmax, x[0]),
        Elementwise or ParametricRelu => Activate(layer, x[0]),
        Arithmetic arithmetic => Combine(arithmetic.Operation, shape, x[0], x[1]),
        Concat concat => Join(concat.Axis, shape, x),
        Split split => Cut(split, shape, x[0]),
        Slice slice => Cut(slice, shape, x[0]),
        Transpose transpose => Reorder(transpose, shape, x[0]),
        Pad pad => Surround(pad, shape, x[0]),
        Resize resize => Interpolate(resize, shape, x[0]),
        Resample resample => Mix(resample, shape, x[0]),
        ReduceMean mean => Average(mean, shape, x[0]),
        _ => throw new NotSupportedException($"the oracle has no loop for {layer.Operator}"),
    };

    /// <summary>Whether the layer is affine in its inputs taken one at a time, so that a difference quotient of any step is exact.</summary>
    public static bool IsAffine(Layer layer) => layer is not
        (LocalResponseNormalisation or InstanceNormalisation or OrientationBinning or BlockNormalisation or Softmax or SmoothFunction or Arithmetic { Operation: ArithmeticOperation.Div });
}
