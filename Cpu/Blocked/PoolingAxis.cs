namespace Preimage.Cpu.Blocked;

/// <summary>One axis of pooling seen from the plane: which windows hold an index, and as which of their taps.</summary>
/// <remarks>Index residue + k * stride is tap Taps[residue][q] of window k + Offsets[residue][q], windows ascending, where there is such a window.</remarks>
internal sealed class PoolingAxis
{
    public PoolingAxis(int extent, int taps, int stride, int dilation, int pad)
    {
        Stride = stride;
        Residues = Math.Min(stride, extent);
        Taps = new int[Residues][];
        Offsets = new int[Residues][];
        for (int residue = 0; residue < Residues; residue++)
        {
            int start = residue + pad;
            Taps[residue] = [.. Enumerable.Range(0, taps).Select(t => taps - 1 - t).Where(t => (start - (long)t * dilation) % stride == 0)];
            Offsets[residue] = Array.ConvertAll(Taps[residue], t => (start - t * dilation) / stride);
        }
    }

    public int Stride { get; }

    /// <summary>Classes of indices that see the same taps.</summary>
    public int Residues { get; }

    public int[][] Taps { get; }

    public int[][] Offsets { get; }
}
