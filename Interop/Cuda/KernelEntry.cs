namespace Preimage.Interop.Cuda;

/// <summary>The name of a kernel of ours: its family is the file it is in, without ending. Each is declared once, by its launcher.</summary>
internal sealed class KernelEntry(string family, string name)
{
    static int s_count;

    /// <summary>The file that it is in.</summary>
    public string Family { get; } = family;

    /// <summary>Its name in the PTX.</summary>
    public string Name { get; } = name;

    /// <summary>Counts the kernels of the process, from 0.</summary>
    public int Index { get; } = Interlocked.Increment(ref s_count) - 1;
}
