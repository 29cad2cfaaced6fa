namespace Preimage.Algorithms.PreImages.Search;

/// <summary>Whether a phase has done enough.</summary>
internal static class StopRules
{
    const int Window = PreImageOptions.CheckInterval;

    /// <summary>Why it has, or null.</summary>
    public static string? Apply(PreImageOptions options, PreImageTrace.Segment energies)
    {
        if (options.StopBelow is { } bound && All(energies, row => energies.Total(energies.Iterations - 1, row) < bound))
            return $"every energy is below {bound} (StopBelow)";
        if (options.StopImprovement is not { } part || energies.Iterations < 2 * Window || energies.Iterations % Window != 0)
            return null;
        return All(energies, row =>
        {
            double before = Mean(energies, energies.Iterations - 2 * Window, row), now = Mean(energies, energies.Iterations - Window, row);
            return before - now < part * Math.Abs(before);
        }) ? $"no mean energy of {Window} iterations fell by {part} of itself (StopImprovement)" : null;
    }

    static bool All(PreImageTrace.Segment energies, Func<int, bool> holds) => Enumerable.Range(0, energies.Rows).All(holds);

    static double Mean(PreImageTrace.Segment energies, int first, int row)
    {
        double sum = 0;
        for (int i = first; i < first + Window; i++)
            sum += energies.Total(i, row);
        return sum / Window;
    }
}
