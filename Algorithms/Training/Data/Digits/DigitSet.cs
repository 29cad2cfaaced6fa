using Preimage.Layers;

namespace Preimage.Algorithms.Training.Data.Digits;

/// <summary>Drawn digits in MNIST's form, for machines without MNIST: every sample follows from the seed and its number alone.</summary>
internal sealed class DigitSet : CachedSet
{
    const int Digits = 10;
    // Test samples are numbered apart, so that asking for more to learn from does not change them.
    const ulong TestStreams = 1UL << 40;

    readonly ulong _seed, _stream;
    readonly string _half;

    DigitSet(string half, int count, ulong stream, ulong seed, long cache) : base(cache) =>
        (_half, Count, _stream, _seed) = (half, count, stream, seed);

    /// <summary>Samples to learn from, and others to test on.</summary>
    public static DataSplit Split(int train, int test, long cache, ulong seed) =>
        new(new DigitSet("train", train, 0, seed, cache), new DigitSet("test", test, TestStreams, seed, cache));

    /// <inheritdoc/>
    public override string Name => $"digits {_half} ({Count}, seed {_seed})";

    /// <inheritdoc/>
    public override Shape SampleShape { get; } = new(1, 1, DigitPen.Side, DigitPen.Side);

    /// <inheritdoc/>
    public override IReadOnlyList<string> Classes { get; } = [.. Enumerable.Range(0, Digits).Select(digit => $"{digit}")];

    /// <inheritdoc/>
    public override int Count { get; }

    /// <inheritdoc/>
    public override int Label(int index)
    {
        Require(index);
        return index % Digits;
    }

    /// <inheritdoc/>
    public override string Title(int index) => $"{_half} {Label(index)} #{index}";

    /// <inheritdoc/>
    protected override void Make(int index, Span<byte> values) =>
        DigitPen.Draw(index % Digits, new SampleRandom(_seed, _stream + (ulong)index), values);
}
