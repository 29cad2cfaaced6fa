namespace Preimage.Layers.Operators;

/// <summary>A layer made ready for one backend and one set of shapes: packed weights, chosen algorithm, sizes of what it keeps.</summary>
/// <remarks>
/// Running it allocates nothing and it holds no state between calls: what the backward pass reads (<see cref="Needs"/>) is in
/// buffers the plan owns, so one prepared operator may serve several plans at once. Backward rows: a signal has
/// N*K rows for N samples and K seeds; row n*K+k belongs to sample n, and forward state is read at row/K.
/// </remarks>
internal interface IOperator : IDisposable
{
    /// <summary>The name of the chosen implementation, for profiles and errors.</summary>
    string Algorithm { get; }

    /// <summary>What <see cref="Backward"/> reads under a rule.</summary>
    Needs NeedsFor(BackwardRule rule);

    /// <summary>The bytes of mask or switches for <paramref name="samples"/> samples in whichever layout needs more, 0 where there are none.</summary>
    long StateBytes(int samples);

    /// <summary>The scratch bytes of one call with that many rows. Asking for a direction may prepare it.</summary>
    long ScratchBytes(int rows, PassDirection direction);

    /// <summary>Bytes of weights that a run reads, either way, however many samples it is for; 0 where they do not count.</summary>
    long WeightBytes => 0;

    /// <summary>Which layouts it takes and gives.</summary>
    LayoutRule Layouts { get; }

    /// <summary>Whether the output may be the very buffer of input 0.</summary>
    bool CanRunInPlace { get; }

    /// <summary>Whether <see cref="BackwardCall.InputMask"/> is understood.</summary>
    bool GatesInputSignal { get; }

    /// <summary>Computes the output, and the mask or switches where <see cref="ForwardCall.State"/> is given.</summary>
    void Forward(in ForwardCall call);

    /// <summary>Carries a signal at the output back to each input that wants it, overwriting what was there.</summary>
    void Backward(in BackwardCall call);
}

/// <summary>The buffers of one forward call.</summary>
internal readonly ref struct ForwardCall
{
    /// <summary>Where the work goes.</summary>
    public required WorkQueue Queue { get; init; }

    /// <summary>The inputs, in the layer's order.</summary>
    public required ReadOnlySpan<Activation> Inputs { get; init; }

    /// <summary>Where the result goes.</summary>
    public required Activation Output { get; init; }

    /// <summary>Where mask or switches go; 0 where nobody will ask for them.</summary>
    public nint State { get; init; }

    /// <summary>Scratch of <see cref="IOperator.ScratchBytes"/> bytes, aligned to 64.</summary>
    public nint Scratch { get; init; }
}

/// <summary>The buffers of one backward call.</summary>
internal readonly ref struct BackwardCall
{
    /// <summary>Where the work goes.</summary>
    public required WorkQueue Queue { get; init; }

    /// <summary>The signal at the output, N*K rows. The operator may write over it.</summary>
    public required Activation Signal { get; init; }

    /// <summary>Where the signal of each input goes, N*K rows; not present where not wanted.</summary>
    public required ReadOnlySpan<Activation> InputSignals { get; init; }

    /// <summary>The forward inputs; present only where needed.</summary>
    public ReadOnlySpan<Activation> Inputs { get; init; }

    /// <summary>The forward output; present only where needed.</summary>
    public Activation Output { get; init; }

    /// <summary>The mask of the ReLU whose output is input 0: its rule is to be applied to that input's signal on the way out. 0 where it is not.</summary>
    public nint InputMask { get; init; }

    /// <summary>Whether the operator's own ReLU, if it has one, was applied to the signal already by whoever wrote it.</summary>
    public bool IsGated { get; init; }

    /// <summary>Mask or switches of the forward pass.</summary>
    public nint State { get; init; }

    /// <summary>Scratch of <see cref="IOperator.ScratchBytes"/> bytes, aligned to 64.</summary>
    public nint Scratch { get; init; }

    /// <summary>K: rows of signal per sample.</summary>
    public required int Seeds { get; init; }

    /// <summary>The rule in force.</summary>
    public required BackwardRule Rule { get; init; }
}
