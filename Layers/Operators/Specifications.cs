using Preimage.Cpu;
using Preimage.Layers.Weights;

namespace Preimage.Layers.Operators;

/// <summary>The element-wise functions of one input.</summary>
internal enum UnaryKind { Relu, LeakyRelu, Clip, Sigmoid, Tanh, Exp, Sqrt, Elu, Softplus, Erf }

/// <summary>An element-wise function, linear in pieces: relu(x); x*(x&gt;0 ? 1 : A); min(max(x, A), B). Or smooth: 1/(1+exp(-x)); tanh(x); exp(x);
/// sqrt(x); x&gt;0 ? x : exp(x)-1; ln(1+exp(x)); erf(x).</summary>
internal readonly record struct UnaryFunction(UnaryKind Kind, float A = 0, float B = 0)
{
    /// <summary>Whether it is not linear in pieces.</summary>
    public bool IsSmooth => Kind >= UnaryKind.Sigmoid;

    /// <summary>What the derivative of a smooth one is worked out from.</summary>
    public Needs Reads => Kind == UnaryKind.Erf ? Needs.Input : Needs.Output;
}

/// <summary>A dense layer y = alpha * x W + beta * b.</summary>
/// <param name="Inputs">Length of x.</param>
/// <param name="Outputs">Length of y.</param>
/// <param name="OutputMajor">Weights are stored [out][in] (Gemm transB, PyTorch) rather than [in][out] (MatMul).</param>
/// <param name="Alpha">Factor of the product.</param>
/// <param name="Beta">Factor of the bias.</param>
internal readonly record struct DenseSpecification(int Inputs, int Outputs, bool OutputMajor, float Alpha = 1, float Beta = 1);

/// <summary>Softmax or its logarithm along one axis of an array seen as [outer][extent][inner].</summary>
internal readonly record struct SoftmaxSpecification(int Outer, int Extent, int Inner, bool Logarithm);

/// <summary>Local response normalisation across channels, in the terms of spec section 1.5: alpha is not divided by the size.</summary>
internal readonly record struct LrnSpecification(int Channels, int Plane, int Size, float Kappa, float Alpha, float Beta);

/// <summary>y = scale (x - mean) / sqrt(variance + epsilon) + shift per channel: batch norm by its stored statistics.</summary>
/// <param name="Scale">Factor per channel.</param>
/// <param name="Shift">Summand per channel.</param>
/// <param name="Mean">Stored mean per channel.</param>
/// <param name="Variance">Stored variance per channel.</param>
/// <param name="Epsilon">Added to the variance.</param>
internal sealed record BatchNormSpecification(WeightSource Scale, WeightSource Shift, WeightSource Mean, WeightSource Variance, float Epsilon)
{
    /// <summary>What each channel is divided by.</summary>
    public double[] Roots() => Array.ConvertAll(Variance.ToArray(), v => Math.Sqrt((double)v + Epsilon));
}
