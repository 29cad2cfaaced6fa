using Preimage.Layers.Weights;

namespace Preimage.Algorithms.Training.Data;

/// <summary>Numbers drawn one after the other for one thing that is drawn: a sample, a person. Each has a stream of its own, so that it depends on nothing drawn before it.</summary>
/// <remarks>Nothing but additions and multiplications of doubles, which are rounded alike on every machine: a byte of a sample must not depend on a library's logarithm.</remarks>
internal struct SampleRandom(ulong seed, ulong stream)
{
    ulong _block;
    int _lane;
    (uint X, uint Y, uint Z, uint W) _words;

    /// <summary>Uniform on the open unit interval.</summary>
    public double Unit()
    {
        int lane = _lane++ & 3;
        if (lane == 0) _words = Philox.Block(seed, _block++, stream);
        return Philox.ToUnit(lane switch { 0 => _words.X, 1 => _words.Y, 2 => _words.Z, _ => _words.W });
    }

    /// <summary>Uniform between two numbers.</summary>
    public double Between(double low, double high) => low + (high - low) * Unit();

    /// <summary>A bell around 0 with variance 1, never beyond 3.5: the sum of four uniform numbers.</summary>
    public double Bell() => (Unit() + Unit() + Unit() + Unit() - 2) * 1.7320508075688772;

    /// <summary>True with a probability.</summary>
    public bool Chance(double probability) => Unit() < probability;

    /// <summary>A number from 0 to count - 1.</summary>
    public int Below(int count) => (int)(Unit() * count);
}
