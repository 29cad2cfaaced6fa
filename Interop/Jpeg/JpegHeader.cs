namespace Preimage.Interop.Jpeg;

/// <summary>What a JPEG's header says.</summary>
/// <param name="Width">Columns of pixels.</param>
/// <param name="Height">Rows of pixels.</param>
/// <param name="IsGrey">Whether there is one component only.</param>
/// <param name="IsCmyk">Whether there are four inks (CMYK or YCCK).</param>
public readonly record struct JpegHeader(int Width, int Height, bool IsGrey, bool IsCmyk = false)
{
    /// <summary>Bytes per pixel that a decode gives: 1 for grey, 3 for RGB, 4 for inks.</summary>
    public int Channels => IsGrey ? 1 : IsCmyk ? 4 : 3;
}
