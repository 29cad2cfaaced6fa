namespace Preimage.Interop.Jpeg;

/// <summary>What a JPEG's header says.</summary>
/// <param name="Width">Columns of pixels.</param>
/// <param name="Height">Rows of pixels.</param>
/// <param name="IsGrey">Whether there is one component only.</param>
public readonly record struct JpegHeader(int Width, int Height, bool IsGrey)
{
    /// <summary>Bytes per pixel that a decode gives: 1 for grey, 3 for RGB.</summary>
    public int Channels => IsGrey ? 1 : 3;
}
