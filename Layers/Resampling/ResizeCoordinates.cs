namespace Preimage.Layers.Resampling;

/// <summary>ONNX Resize's <c>coordinate_transformation_mode</c>: where output sample x lies in the input.</summary>
public enum ResizeCoordinates
{
    /// <summary>(x + 0.5) / scale - 0.5.</summary>
    HalfPixel,

    /// <summary>As <see cref="HalfPixel"/>, but 0 when the output has one sample.</summary>
    PytorchHalfPixel,

    /// <summary>x / scale; what Upsample does.</summary>
    Asymmetric,

    /// <summary>x (in - 1) / (out - 1): the first and last samples coincide.</summary>
    AlignCorners,

    /// <summary>As <see cref="HalfPixel"/>, centred when in * scale is not whole.</summary>
    HalfPixelSymmetric,
}
