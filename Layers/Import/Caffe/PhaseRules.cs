namespace Preimage.Layers.Import.Caffe;

/// <summary>Which layers of a structure take part in testing, which is what a network is loaded for.</summary>
internal static class PhaseRules
{
    const int Test = 1;

    /// <summary>Whether a layer takes part: where it says when it does, one of these must hold; otherwise none of when it does not.</summary>
    public static bool TakesPart(CaffeMessage layer) => layer.Has("include")
        ? layer.Messages("include").Any(Holds)
        : !layer.Messages("exclude").Any(Holds);

    // In the test phase, at level 0, in no stage.
    static bool Holds(CaffeMessage rule) =>
        rule.Integer("phase", Test) == Test && rule.Integer("min_level", 0) <= 0 && rule.Integer("max_level", 0) >= 0 && !rule.Has("stage");
}
