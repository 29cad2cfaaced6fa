namespace Preimage.Algorithms.Training.Data;

/// <summary>Samples that are drawn or decoded when they are read, and kept up to a number of bytes.</summary>
/// <remarks>What came first stays: an epoch reads every sample once, so whatever made room for the latest would have to be made again before it is read again.</remarks>
internal abstract class CachedSet : DataSet
{
    readonly long _budget;
    long _left;
    byte[]?[]? _kept;

    /// <param name="budget">The most bytes kept.</param>
    protected CachedSet(long budget) => _budget = _left = budget;

    /// <inheritdoc/>
    public sealed override void Read(int index, Span<byte> values)
    {
        Require(index, values.Length);
        if (_budget < values.Length)
        {
            Make(index, values);
            return;
        }

        if (_kept is null) Interlocked.CompareExchange(ref _kept, new byte[]?[Count], null);
        if (Volatile.Read(ref _kept[index]) is { } kept)
        {
            kept.CopyTo(values);
            return;
        }

        Make(index, values);
        if (Interlocked.Add(ref _left, -values.Length) < 0)
            Interlocked.Add(ref _left, values.Length);
        // Two threads may have made the same sample: the second one's place is given back.
        else if (Interlocked.CompareExchange(ref _kept[index], values.ToArray(), null) is not null)
            Interlocked.Add(ref _left, values.Length);
    }

    /// <summary>Makes a sample, from several threads at once.</summary>
    /// <param name="index">Which; checked.</param>
    /// <param name="values">Receives it; as long as a sample.</param>
    protected abstract void Make(int index, Span<byte> values);
}
