using System.Buffers;

namespace Preimage.Algorithms.Attribution.Relevance;

/// <summary>An array on loan for one call; its contents are undefined.</summary>
internal readonly struct Rented(int length) : IDisposable
{
    readonly float[] _values = ArrayPool<float>.Shared.Rent(length);

    public Span<float> Span => _values.AsSpan(0, length);

    public void Dispose() => ArrayPool<float>.Shared.Return(_values);
}
