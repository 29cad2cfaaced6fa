using static Preimage.Native.Cuda.CuDnn;

namespace Preimage.Interop.Cuda.Dnn;

/// <summary>Which arithmetic a convolution may use.</summary>
internal enum ConvolutionMath
{
    /// <summary>float32 that may be rounded to TF32 for tensor cores.</summary>
    Default = CUDNN_DEFAULT_MATH,

    /// <summary>Tensor cores, where the types are theirs.</summary>
    TensorCores = CUDNN_TENSOR_OP_MATH,

    /// <summary>Tensor cores, for which float32 may be rounded to 16 bits.</summary>
    TensorCoresByConversion = CUDNN_TENSOR_OP_MATH_ALLOW_CONVERSION,

    /// <summary>float32 by fused multiply-add only.</summary>
    Fma = CUDNN_FMA_MATH,
}
