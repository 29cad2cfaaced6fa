namespace Preimage.Algorithms.Training;

/// <summary>Where a training stands: all it takes to go on to the same bytes as if it had not stopped.</summary>
internal sealed class TrainingState
{
    /// <summary>The epoch that runs, from 0.</summary>
    public int Epoch { get; set; }

    /// <summary>Its steps that are done.</summary>
    public int Step { get; set; }

    /// <summary>The sum of the losses of the epoch's samples so far.</summary>
    public double Loss { get; set; }

    /// <summary>How many of them were classified wrongly.</summary>
    public int Wrong { get; set; }

    /// <summary>How many there were.</summary>
    public int Seen { get; set; }

    /// <summary>Seconds that the epoch took so far.</summary>
    public double Seconds { get; set; }

    /// <summary>The epochs that ended.</summary>
    public List<CurvePoint> Curve { get; init; } = [];

    /// <summary>The lowest test error so far; above 1 before there is one.</summary>
    public double BestError { get; set; } = 2;

    /// <summary>Forgets the epoch that ended.</summary>
    public void NextEpoch()
    {
        (Epoch, Step, Loss, Wrong, Seen, Seconds) = (Epoch + 1, 0, 0, 0, 0, 0);
    }
}
