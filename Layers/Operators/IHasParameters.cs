namespace Preimage.Layers.Operators;

/// <summary>An operator that can say how a loss changes with its parameters: the layer's weights, the first so many roles of them.</summary>
/// <remarks>It reads the forward input 0, which the plan keeps, and one signal per sample. It runs before <see cref="IOperator.Backward"/> on the same
/// signal and applies the ReLU that the operator has in its tail, if it has one, to it where it lies: Backward then finds the signal gated.</remarks>
internal interface IHasParameters
{
    /// <summary>How many of the layer's weights have a gradient, in the order of <see cref="Layer.Weights"/>.</summary>
    int ParameterCount { get; }

    /// <summary>The scratch bytes of one call for that many samples.</summary>
    long ParameterScratchBytes(int samples);

    /// <summary>Computes the gradients, summed over the samples; what was there is written over.</summary>
    void BackwardParameters(in ParameterCall call);
}

/// <summary>The buffers of one call for gradients of parameters.</summary>
internal readonly ref struct ParameterCall
{
    /// <summary>Where the work goes.</summary>
    public required WorkQueue Queue { get; init; }

    /// <summary>The signal at the output, one row per sample. The operator may write over it with what its own ReLU lets through.</summary>
    public required Activation Signal { get; init; }

    /// <summary>The forward input 0.</summary>
    public required Activation Input { get; init; }

    /// <summary>Whether the operator's own ReLU, if it has one, was applied to the signal already.</summary>
    public bool IsGated { get; init; }

    /// <summary>Mask of the forward pass, where the operator has one.</summary>
    public nint State { get; init; }

    /// <summary>Where the gradients go, in the order and layout of the layer's own weights.</summary>
    public required ReadOnlySpan<Activation> Gradients { get; init; }

    /// <summary>Scratch of <see cref="IHasParameters.ParameterScratchBytes"/> bytes, aligned to 64.</summary>
    public nint Scratch { get; init; }

    /// <summary>The rule in force.</summary>
    public required BackwardRule Rule { get; init; }
}
