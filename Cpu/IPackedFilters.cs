namespace Preimage.Cpu;

/// <summary>Filters in the order a kernel reads them. Many may read them at once; what is cut to a plane is made beside them.</summary>
/// <remarks>Of the geometry they were packed for, only what names filters matters: channels, taps, groups, strides, padding and dilation, and, for the
/// adjoint of a strided convolution, a plane smaller than the stride, which some phases do not reach.</remarks>
internal interface IPackedFilters : IDisposable
{
    /// <summary>Bytes held.</summary>
    long Bytes { get; }

    /// <summary>Packs other filters in place of those packed before, which nobody may be reading meanwhile. Nothing is allocated.</summary>
    /// <param name="filters">As many, for the same convolution.</param>
    /// <param name="lanes">Threads to work on.</param>
    /// <exception cref="NotSupportedException">How they are packed depends on their values.</exception>
    void Pack(ReadOnlySpan<float> filters, int lanes);
}
