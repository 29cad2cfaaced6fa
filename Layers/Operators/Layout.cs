namespace Preimage.Layers.Operators;

/// <summary>How a value lies in a backend's memory.</summary>
internal enum Layout
{
    /// <summary>NCHW without gaps.</summary>
    Planar,

    /// <summary>The backend's own layout for convolutions; on the processor [N][C/16][H][W][16], lanes without a channel +0.</summary>
    Blocked,
}

/// <summary>Which layouts an operator takes and gives. Where neighbours disagree, the plan puts a reorder between.</summary>
internal enum LayoutRule
{
    /// <summary>Planar in and out.</summary>
    Planar,

    /// <summary>Blocked in and out.</summary>
    Blocked,

    /// <summary>Planar in, blocked out: a first layer.</summary>
    Entering,

    /// <summary>All inputs and the output in one layout, either of them.</summary>
    Follows,
}

internal static class LayoutRules
{
    extension(LayoutRule rule)
    {
        /// <summary>The layout of the inputs, given one that lies ready.</summary>
        public Layout Input(Layout ready) => rule switch
        {
            LayoutRule.Follows => ready,
            LayoutRule.Blocked => Layout.Blocked,
            _ => Layout.Planar,
        };

        /// <summary>The layout of the output, given that of the inputs.</summary>
        public Layout Output(Layout input) => rule == LayoutRule.Entering ? Layout.Blocked : input;
    }
}
