namespace Preimage.Cpu;

/// <summary>Filters in the order a kernel reads them. Many may read them at once; what is cut to a plane is made beside them.</summary>
/// <remarks>Of the geometry they were packed for, only what names filters matters: channels, taps, groups, strides, padding and dilation, and, for the
/// adjoint of a strided convolution, a plane smaller than the stride, which some phases do not reach.</remarks>
internal interface IPackedFilters : IDisposable
{
    /// <summary>Bytes held.</summary>
    long Bytes { get; }
}
