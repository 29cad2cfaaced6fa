namespace Preimage.Layers.Operators;

/// <summary>An operator whose mask or switches can be taken out, replaced and put back, in a form that all backends share.</summary>
/// <remarks>Mask: 1 bit per unit, NCHW order over the whole batch, least significant bit first. Switches: int32 y*W + x in the unpadded
/// plane per pooled value, NCHW order, -1 for none.</remarks>
internal interface IRecordsState
{
    /// <summary>The bytes of the shared form for that many samples.</summary>
    int RecordBytes(int samples);

    /// <summary>Writes the shared form of the state.</summary>
    /// <param name="queue">The queue it ran on.</param>
    /// <param name="samples">Samples of the forward run.</param>
    /// <param name="layout">The layout it ran in.</param>
    /// <param name="state">The state.</param>
    /// <param name="record">Receives <see cref="RecordBytes"/> bytes.</param>
    void Export(WorkQueue queue, int samples, Layout layout, nint state, Span<byte> record);

    /// <summary>Sets the state from the shared form.</summary>
    /// <exception cref="PreimageException">A switch points outside its window.</exception>
    void Import(WorkQueue queue, int samples, Layout layout, ReadOnlySpan<byte> record, nint state);
}
