namespace Preimage.Layers.Planning;

/// <summary>How many samples, and how many signals for each, run at once.</summary>
internal readonly record struct PartSize(int Samples, int Seeds)
{
    /// <summary>The scope of a part of this size.</summary>
    /// <param name="whole">The plan's scope.</param>
    /// <param name="inOnePortion">Whether its samples are not divided any further.</param>
    public PlanScope Cut(PlanScope whole, bool inOnePortion = false)
    {
        Network network = whole.Network;
        int samples = Samples;
        return new PlanScope(network, whole.Options with
        {
            Seeds = Seeds, MemoryBudget = null, Portion = inOnePortion ? samples : this == All(whole) ? whole.Options.Portion : null,
            InputShapes = network.Inputs.ToDictionary(i => i.Name, i => samples == whole.Samples ? whole.InputShapes[i.Index] : whole.InputShapes[i.Index].WithSamples(samples)),
        });
    }

    /// <summary>All of a plan.</summary>
    public static PartSize All(PlanScope whole) => new(whole.Samples, whole.Options.Seeds);

    /// <summary>All of a plan, or what fits its budget.</summary>
    /// <remarks>Signals are divided before samples: they share a forward pass, which then runs once. Of equally many parts the smallest are taken.</remarks>
    /// <exception cref="PreimageException">Not even the smallest part fits.</exception>
    public static PartSize Fitting(PlanScope whole, Backend backend)
    {
        PartSize all = All(whole);
        if (whole.Options.MemoryBudget is not { } budget || PlanPart.Measure(all.Cut(whole), backend) <= budget)
            return all;
        int seeds = Most(all.Seeds, s => Bytes(all with { Seeds = s }) <= budget);
        if (seeds > 0)
            return all with { Seeds = seeds };
        int samples = whole.CanBeCut ? Most(all.Samples, n => Bytes(new PartSize(n, 1)) <= budget) : 0;
        if (samples > 0)
            return new PartSize(samples, Math.Max(1, Most(all.Seeds, s => Bytes(new PartSize(samples, s)) <= budget)));
        var least = new PartSize(whole.CanBeCut ? 1 : all.Samples, 1);
        throw new PreimageException($"a plan for {least.Samples} samples and one signal for each takes {Bytes(least)} bytes, PlanOptions.MemoryBudget is {budget}"
            + (least.Samples == 1 || whole.CanBeCut ? "" : "; the network does not let its batch be divided"));

        // In portions a part takes no more than that, but a larger one may take less than a smaller one, which is no order to search in.
        long Bytes(PartSize size) => PlanPart.Measure(size.Cut(whole, inOnePortion: true), backend);
    }

    /// <summary>The least number that makes as few parts of a total as the largest that fits; 0 where 1 does not fit.</summary>
    static int Most(int total, Func<int, bool> fits)
    {
        int low = 0, high = total;
        while (low < high)
        {
            int middle = (low + high + 1) / 2;
            if (fits(middle))
                low = middle;
            else
                high = middle - 1;
        }

        int parts = low == 0 ? 0 : (total + low - 1) / low;
        return parts == 0 ? 0 : (total + parts - 1) / parts;
    }
}
