namespace Preimage.Layers.Planning;

/// <summary>How many samples of a part run through all operators before the next ones do. It changes no result, only what the caches hold meanwhile.</summary>
/// <remarks>
/// Counted in bytes that come from memory, per sample. An operator whose inputs and output take more than the cache gets the excess from memory; fewer
/// samples at a time leave less. Weights are read once a portion: those that do not stay in the cache beside what the largest operator touches come from
/// memory each time, so that more samples at a time share them. Networks that stream hundreds of megabytes of dense weights are best left whole, those
/// whose weights stay in the cache run sample by sample.
/// </remarks>
internal static class PortionSize
{
    /// <summary>The samples of a portion: the divisor of the part's with the least bytes from memory, of equals the largest.</summary>
    /// <param name="scope">The part.</param>
    /// <param name="whole">Its steps, planned for all samples at once.</param>
    /// <param name="backend">Says how much its cache holds.</param>
    public static int Samples(PlanScope scope, PlanBuilder whole, Backend backend)
    {
        int all = scope.Samples;
        if (scope.Options.Portion is { } given)
            return given > 0 && all % given == 0 ? given : throw new PreimageException($"portions of {given} samples do not divide {all}");
        if (!MayDivide(scope, backend))
            return all;
        (long Touched, long Weights)[] forward = [.. whole.Forward.Select(s => (s.Bytes, s.WeightBytes))];
        (long Touched, long Weights)[] backward = [.. whole.Backward.Select(s => (s.Bytes, s.WeightBytes))];
        return Enumerable.Range(1, all).Reverse().Where(p => all % p == 0 && (p == all || p >= backend.LeastPortion))
            .MinBy(p => FromMemory(forward, p, all, backend.CacheBytes) + FromMemory(backward, p, all, backend.CacheBytes));
    }

    /// <summary>Sums over the batch stay whole, and so does what a caller's rule sees.</summary>
    static bool MayDivide(PlanScope scope, Backend backend) =>
        backend.CacheBytes > 0 && scope is { Samples: > 1, CanBeCut: true, Parameters.Count: 0, Options.NodeRule: null };

    /// <summary>Bytes from memory of one pass over all samples.</summary>
    /// <param name="steps">Per operator: bytes of values it reads and writes for all samples, and of its weights.</param>
    /// <param name="samples">Samples at a time.</param>
    /// <param name="all">All samples.</param>
    /// <param name="cache">Bytes that stay in the cache.</param>
    internal static long FromMemory(ReadOnlySpan<(long Touched, long Weights)> steps, int samples, int all, long cache)
    {
        long excess = 0, weights = 0, most = 0;
        foreach ((long touched, long own) in steps)
        {
            long portion = touched * samples / all;
            excess += Math.Max(0, portion - cache);
            weights += own;
            most = Math.Max(most, portion);
        }

        return all / samples * (excess + Math.Clamp(weights + most - cache, 0, weights));
    }
}
