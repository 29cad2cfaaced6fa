using static Preimage.Native.Cuda.CuDnn;

namespace Preimage.Interop.Cuda.Dnn;

/// <summary>Order of a tensor's axes in memory.</summary>
internal enum TensorLayout
{
    /// <summary>Samples, channels, rows, columns.</summary>
    Nchw = CUDNN_TENSOR_NCHW,

    /// <summary>Channels last.</summary>
    Nhwc = CUDNN_TENSOR_NHWC,
}

/// <summary>Which arithmetic a convolution may use.</summary>
internal enum ConvolutionMath
{
    /// <summary>float32 that may be rounded to TF32 for tensor cores.</summary>
    Default = CUDNN_DEFAULT_MATH,

    /// <summary>Tensor cores, where the types are theirs.</summary>
    TensorCores = CUDNN_TENSOR_OP_MATH,

    /// <summary>float32 by fused multiply-add only.</summary>
    Fma = CUDNN_FMA_MATH,
}

/// <summary>What a pooling window gives.</summary>
internal enum PoolingMode
{
    /// <summary>Its maximum; the gradient adds up in any order.</summary>
    Max = CUDNN_POOLING_MAX,

    /// <summary>Its mean, padding counted.</summary>
    AverageWithPadding = CUDNN_POOLING_AVERAGE_COUNT_INCLUDE_PADDING,

    /// <summary>Its mean, padding left out.</summary>
    Average = CUDNN_POOLING_AVERAGE_COUNT_EXCLUDE_PADDING,

    /// <summary>Its maximum; the gradient adds up in the same order every time.</summary>
    MaxDeterministic = CUDNN_POOLING_MAX_DETERMINISTIC,
}

/// <summary>A function of one value.</summary>
internal enum ActivationMode
{
    /// <summary>1 / (1 + exp(-x)).</summary>
    Sigmoid = CUDNN_ACTIVATION_SIGMOID,

    /// <summary>max(x, 0).</summary>
    Relu = CUDNN_ACTIVATION_RELU,

    /// <summary>tanh(x).</summary>
    Tanh = CUDNN_ACTIVATION_TANH,

    /// <summary>min(max(x, 0), the coefficient).</summary>
    ClippedRelu = CUDNN_ACTIVATION_CLIPPED_RELU,

    /// <summary>x above 0, the coefficient times (exp(x) - 1) below.</summary>
    Elu = CUDNN_ACTIVATION_ELU,

    /// <summary>x; with the fused convolution only.</summary>
    Identity = CUDNN_ACTIVATION_IDENTITY,
}

/// <summary>How a softmax is computed.</summary>
internal enum SoftmaxAlgorithm
{
    /// <summary>Without taking the maximum off first: overflows.</summary>
    Fast = CUDNN_SOFTMAX_FAST,

    /// <summary>With the maximum taken off.</summary>
    Accurate = CUDNN_SOFTMAX_ACCURATE,

    /// <summary>Its logarithm.</summary>
    Log = CUDNN_SOFTMAX_LOG,
}

/// <summary>Over what a softmax sums to one.</summary>
internal enum SoftmaxMode
{
    /// <summary>Everything of a sample.</summary>
    Instance = CUDNN_SOFTMAX_MODE_INSTANCE,

    /// <summary>The channels at each place.</summary>
    Channel = CUDNN_SOFTMAX_MODE_CHANNEL,
}

/// <summary>Joins two tensors element by element.</summary>
internal enum TensorOperation
{
    /// <summary>a + b.</summary>
    Add = CUDNN_OP_TENSOR_ADD,

    /// <summary>a b.</summary>
    Multiply = CUDNN_OP_TENSOR_MUL,

    /// <summary>The smaller.</summary>
    Min = CUDNN_OP_TENSOR_MIN,

    /// <summary>The greater.</summary>
    Max = CUDNN_OP_TENSOR_MAX,
}

/// <summary>Makes one value of many.</summary>
internal enum Reduction
{
    /// <summary>Their sum.</summary>
    Add = CUDNN_REDUCE_TENSOR_ADD,

    /// <summary>Their product.</summary>
    Multiply = CUDNN_REDUCE_TENSOR_MUL,

    /// <summary>The least.</summary>
    Min = CUDNN_REDUCE_TENSOR_MIN,

    /// <summary>The greatest.</summary>
    Max = CUDNN_REDUCE_TENSOR_MAX,

    /// <summary>The greatest absolute value.</summary>
    AbsoluteMax = CUDNN_REDUCE_TENSOR_AMAX,

    /// <summary>Their mean.</summary>
    Mean = CUDNN_REDUCE_TENSOR_AVG,

    /// <summary>The sum of absolute values.</summary>
    Norm1 = CUDNN_REDUCE_TENSOR_NORM1,

    /// <summary>The root of the sum of squares.</summary>
    Norm2 = CUDNN_REDUCE_TENSOR_NORM2,
}
