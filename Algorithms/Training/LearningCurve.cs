using System.Globalization;
using System.Text;
using Preimage.Algorithms.Imaging;
using Preimage.Algorithms.Imaging.Rendering;
using Preimage.Layers.Files;

namespace Preimage.Algorithms.Training;

/// <summary>What an epoch came to.</summary>
/// <param name="Epoch">Its number, from 1.</param>
/// <param name="TrainLoss">The mean cross-entropy (nats) of the samples learnt from, each before its own step.</param>
/// <param name="TrainError">The part of them that was classified wrongly, 0 to 1.</param>
/// <param name="TestLoss">The mean cross-entropy of the test samples after the epoch.</param>
/// <param name="TestError">The part of them that is classified wrongly.</param>
/// <param name="Seconds">How long it took, the test included.</param>
public readonly record struct CurvePoint(int Epoch, double TrainLoss, double TrainError, double TestLoss, double TestError, double Seconds);

/// <summary>How a training went, epoch by epoch.</summary>
/// <param name="points">The epochs in order.</param>
public sealed class LearningCurve(IReadOnlyList<CurvePoint> points)
{
    /// <summary>The epochs in order.</summary>
    public IReadOnlyList<CurvePoint> Points => points;

    /// <summary>The first epoch with the lowest test error.</summary>
    /// <exception cref="InvalidOperationException">There is no epoch.</exception>
    public CurvePoint Best => points.MinBy(p => p.TestError);

    /// <summary>A line per epoch under headings.</summary>
    public string ToCsv()
    {
        var text = new StringBuilder("epoch,train_loss,train_error,test_loss,test_error,seconds\n");
        foreach (CurvePoint p in points)
            text.Append(CultureInfo.InvariantCulture, $"{p.Epoch},{p.TrainLoss:R},{p.TrainError:R},{p.TestLoss:R},{p.TestError:R},{p.Seconds:F3}\n");
        return text.ToString();
    }

    /// <summary>Draws errors in percent over epochs.</summary>
    /// <param name="title">The text above.</param>
    /// <exception cref="InvalidOperationException">There is no epoch.</exception>
    public Picture Plot(string title = "Learning curve")
    {
        double[] epochs = [.. points.Select(p => (double)p.Epoch)];
        return new LinePlot { Title = title, XLabel = "epoch", YLabel = "error, %" }
            .Add("training", epochs, [.. points.Select(p => 100 * p.TrainError)])
            .Add("test", epochs, [.. points.Select(p => 100 * p.TestError)])
            .Render();
    }

    /// <summary>Saves the numbers where the file's name ends in .csv, and the drawing otherwise.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path)
    {
        if (Path.GetExtension(path).Equals(".csv", StringComparison.OrdinalIgnoreCase))
            AtomicFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(ToCsv())));
        else
            Plot().Save(path);
    }
}
