namespace Preimage.Layers.Planning;

/// <summary>The steps of a part, planned for a portion of its samples, and how much memory they take: one lot that all portions write over, and one for each.</summary>
/// <remarks>
/// A portion runs through all operators before the next one starts, so that what they hand on stays in the cache. What outlives a pass (inputs, observed
/// values, gradients, what the way back reads) is there for every portion at the same time.
/// </remarks>
/// <param name="Steps">The steps of a portion.</param>
/// <param name="Portions">How many portions there are, each with as many samples.</param>
/// <param name="Shared">Bytes that all portions use.</param>
/// <param name="Kept">Bytes each portion has for itself; 0 where there is one.</param>
internal sealed record PortionedPlan(PlanBuilder Steps, int Portions, long Shared, long Kept)
{
    public long Bytes => Shared + Portions * Kept;

    /// <summary>Plans a part in portions of the size that its backend's cache asks for.</summary>
    public static PortionedPlan Of(PlanScope scope, Backend backend)
    {
        PlanBuilder whole = new(scope, backend);
        try
        {
            int samples = PortionSize.Samples(scope, whole, backend);
            var atOnce = new PortionedPlan(whole, 1, whole.Arena.Place(), 0);
            if (samples == scope.Samples)
                return atOnce;
            PortionedPlan portioned = Cut(scope, samples, backend);
            // Portions take more memory only where they share next to nothing, and so win nothing; a budget counts on it.
            bool divides = portioned.Bytes <= atOnce.Bytes || scope.Options.Portion is not null;
            (divides ? whole : portioned.Steps).DisposeOperators();
            return divides ? portioned : atOnce;
        }
        catch
        {
            whole.DisposeOperators();
            throw;
        }
    }

    static PortionedPlan Cut(PlanScope scope, int samples, Backend backend)
    {
        var steps = new PlanBuilder(new PartSize(samples, scope.Options.Seeds).Cut(scope), backend);
        (long shared, long kept) = steps.Arena.PlaceApart();
        return new PortionedPlan(steps, scope.Samples / samples, shared, kept);
    }

    /// <summary>Where the arrays of a portion lie in the plan's memory.</summary>
    public Addresses At(nint memory, int portion) => Portions == 1 ? new Addresses(memory, memory) : new Addresses(memory, memory + (nint)(Shared + portion * Kept));
}
