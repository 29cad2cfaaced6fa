namespace Preimage.Layers.Resampling;

/// <summary>ONNX Resize's <c>nearest_mode</c>: which sample a position between two of them takes.</summary>
public enum NearestRounding
{
    /// <summary>The nearer one, the lower one when half-way.</summary>
    RoundPreferFloor,

    /// <summary>The nearer one, the upper one when half-way.</summary>
    RoundPreferCeil,

    /// <summary>The lower one.</summary>
    Floor,

    /// <summary>The upper one.</summary>
    Ceil,
}
