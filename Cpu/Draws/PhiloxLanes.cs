using System.Runtime.CompilerServices;

namespace Preimage.Cpu.Draws;

/// <summary>Philox4x32-10, a block in every lane (Salmon, Moraes, Dror and Shaw 2011, section 4.3).</summary>
/// <remarks>A word lies in the lower half of its lane. What the upper half holds meanwhile does no harm: products do not look at it, and nothing else moves it down
/// but the shift of a product.</remarks>
internal static unsafe class PhiloxLanes
{
    public const int Rounds = 10;

    const uint MultiplierA = 0xD2511F53, MultiplierB = 0xCD9E8D57, WeylA = 0x9E3779B9, WeylB = 0xBB67AE85;

    /// <summary>The keys of all rounds, two words each.</summary>
    public static void Keys(ulong seed, ulong* keys)
    {
        uint a = (uint)seed, b = (uint)(seed >> 32);
        for (int round = 0; round < Rounds; round++, a += WeylA, b += WeylB)
        {
            keys[2 * round] = a;
            keys[2 * round + 1] = b;
        }
    }

    /// <summary>The four words of the blocks from <paramref name="block"/> on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Blocks<TL, TV>(ulong block, ulong stream, ulong* keys, out TV x, out TV y, out TV z, out TV w)
        where TL : struct, IDrawLanes<TV> where TV : unmanaged
    {
        TV multiplierA = TL.BroadcastBits(MultiplierA), multiplierB = TL.BroadcastBits(MultiplierB);
        x = TL.Count(block);
        y = TL.ShiftRight(x, 32);
        z = TL.BroadcastBits(stream);
        w = TL.ShiftRight(z, 32);
        for (int round = 0; round < Rounds; round++)
        {
            TV a = TL.MultiplyWords(multiplierA, x), b = TL.MultiplyWords(multiplierB, z);
            x = TL.Xor(TL.Xor(TL.ShiftRight(b, 32), y), TL.BroadcastBits(keys[2 * round]));
            z = TL.Xor(TL.Xor(TL.ShiftRight(a, 32), w), TL.BroadcastBits(keys[2 * round + 1]));
            y = b;
            w = a;
        }
    }
}
