namespace Preimage.Algorithms.Imaging;

/// <summary>Whose arithmetic a picture is resized with.</summary>
public enum ResizeConvention
{
    /// <summary>Pillow's <c>Image.resize</c>, bit for bit: 22-bit weights, rounded to 8 bits after each axis.</summary>
    Pillow,

    /// <summary>MATLAB's <c>imresize</c>: mirrored border, rounded to 8 bits once at the end.</summary>
    Matlab,
}
