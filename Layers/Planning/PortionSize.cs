namespace Preimage.Layers.Planning;

/// <summary>How many samples of a part run through all operators before the next ones do.</summary>
internal static class PortionSize
{
    public static int Samples(PlanScope scope, PlanBuilder whole, Backend backend)
    {
        return scope.Options.Portion ?? scope.Samples;
    }
}
