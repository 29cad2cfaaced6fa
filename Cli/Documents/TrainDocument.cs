using Preimage.Algorithms.Training;

namespace Preimage.Cli.Documents;

/// <summary>What <c>train --json</c> prints.</summary>
internal sealed record TrainDocument(
    string Network, string Data, string Recipe, string Preprocessing, IReadOnlyList<string> Classes, string Device, IReadOnlyList<LibraryDocument> Libraries,
    IReadOnlyList<EpochDocument> Epochs, EpochDocument Best, double Seconds, IReadOnlyList<string> Files)
{
    /// <summary>The keys, for the help text.</summary>
    public const string Form = "{network, data, recipe, preprocessing, classes, device, " + LibraryDocument.Form +
        ", epochs[{epoch,trainLoss,trainError,testLoss,testError,seconds}], best{...}, seconds, files}; errors are 0 to 1.";
}

/// <summary>An epoch of a training.</summary>
internal sealed record EpochDocument(int Epoch, double TrainLoss, double TrainError, double TestLoss, double TestError, double Seconds)
{
    /// <summary>Describes an epoch.</summary>
    public static EpochDocument Of(CurvePoint p) => new(p.Epoch, p.TrainLoss, p.TrainError, p.TestLoss, p.TestError, p.Seconds);
}
