namespace Preimage.Layers.Weights;

/// <summary>Random weights that are never stored: element i follows from the seed, the stream and i alone.</summary>
public sealed class SeededWeights : WeightSource
{
    readonly ulong _seed, _stream;
    readonly Distribution _distribution;

    /// <summary>Makes a source.</summary>
    /// <param name="seed">The seed, shared by the weights of a network.</param>
    /// <param name="stream">A number of its own for each array of the network.</param>
    /// <param name="distribution">What elements are drawn from.</param>
    /// <param name="extents">The extents.</param>
    public SeededWeights(ulong seed, ulong stream, Distribution distribution, params ReadOnlySpan<int> extents) : base(extents)
    {
        ArgumentNullException.ThrowIfNull(distribution);
        _seed = seed;
        _stream = stream;
        _distribution = distribution;
    }

    /// <inheritdoc/>
    protected override void ReadCore(int start, Span<float> destination)
    {
        Span<uint> words = stackalloc uint[256];
        for (int done = 0; done < destination.Length; done += words.Length)
        {
            Span<uint> part = words[..Math.Min(words.Length, destination.Length - done)];
            Philox.Fill(_seed, _stream, (long)start + done, part);
            for (int i = 0; i < part.Length; i++)
                destination[done + i] = _distribution.Draw(Philox.ToUnit(part[i]));
        }
    }
}
