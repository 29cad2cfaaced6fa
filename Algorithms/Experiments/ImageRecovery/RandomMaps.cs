using Preimage.Algorithms.Experiments.Reproduction;
using Preimage.Algorithms.Imaging.Rendering;

namespace Preimage.Algorithms.Experiments.ImageRecovery;

/// <summary>Figures 4 and 6: what the maps of random networks show of the picture.</summary>
/// <remarks>Recovery is the correlation of a map with the locally normalised input, in the mean over the photos. Fixed before any run: a map shows the picture
/// from 0.5 on and is readable from 0.3 on, and is noise where its correlation is at most 0.2 in size.</remarks>
internal abstract class RandomMaps : Experiment
{
    /// <summary>The bars of recovery.</summary>
    protected const double Shown = 0.5, Readable = 0.3, Noise = 0.2;

    const int TileWidth = 224;

    static readonly string[] s_methods = ["saliency", "deconvnet", "guided"];

    /// <inheritdoc/>
    public override int Pictures => RandomSubject.Photos;

    /// <inheritdoc/>
    public override int PaperPictures => RandomSubject.Photos;

    /// <inheritdoc/>
    public override bool TakesModels => false;

    /// <summary>The networks.</summary>
    protected abstract IReadOnlyList<RandomSubject> Subjects { get; }

    /// <summary>What the paper says of a method's maps with a network, and the rule on their mean recovery; a rule may be missing.</summary>
    protected abstract (string Claim, Func<double, bool>? Rule) Claim(RandomSubject subject, string method);

    /// <inheritdoc/>
    public override IEnumerable<ExperimentUnit> Units(Laboratory laboratory) =>
        from subject in Subjects from photo in laboratory.Photos
        select subject.Unit(laboratory, photo, Name, (s, engine, input, result) => s.Maps(engine, input, result));

    /// <inheritdoc/>
    public override ExperimentReport Report(Laboratory laboratory, UnitResults results)
    {
        var rows = new List<ResultRow>();
        var sheet = new Mosaic { TileWidth = TileWidth, Title = "Random networks: photo and maps, with the correlation with the locally normalised input", Columns = 1 + s_methods.Length };
        foreach (RandomSubject subject in Subjects)
        {
            foreach (string method in s_methods)
            {
                double Mean(string of) => laboratory.Photos.Average(p => results.Number(subject.KeyOf(Name, p), $"{method} {of}"));
                (string claim, Func<double, bool>? rule) = Claim(subject, method);
                double recovery = Mean("recovery");
                rows.Add(ResultRow.Claim($"{subject.Name}, {method}: recovery", claim, recovery, "", double.IsNaN(recovery) ? null : rule?.Invoke(recovery)));
                rows.Add(ResultRow.Measured($"{subject.Name}, {method}: recovery of detail", Mean("detail"), ""));
                rows.Add(ResultRow.Measured($"{subject.Name}, {method}: correlation with the input", Mean("correlation"), ""));
            }

            Photo shown = laboratory.Photos[0];
            UnitResult first = results[subject.KeyOf(Name, shown)];
            sheet.Add(first.Pictures["photo"], subject.Name);
            foreach (string method in s_methods)
                sheet.Add(first.Pictures[method], $"{method} {first.Numbers[$"{method} recovery"]:0.00}");
        }

        return new ExperimentReport(rows, sheet.Render(),
            [.. results.Notes, $"means over {laboratory.Photos.Count} photos of the arg-max logit's map; a map shows the picture from {Shown} on, is readable from {Readable} on and noise up to {Noise}",
                "detail is what is left of a picture less the mean of the 9x9 pixels around each; it is no part of a verdict"]);
    }

    /// <summary>Whether a correlation is noise.</summary>
    protected static bool IsNoise(double recovery) => Math.Abs(recovery) <= Noise;
}

/// <summary>Figure 4: a random convolutional network and a random fully connected one.</summary>
internal sealed class RandomThreeLayers : RandomMaps
{
    const string Convolutional = "cnn-256";

    public override string Name => "nie-fig4";

    public override string Shows => "Nie, Zhang and Patel, Figure 4: maps of a random three-layer CNN (N = 256, stride 2) and of a random fully connected network (Nh = 4096).";

    protected override IReadOnlyList<RandomSubject> Subjects { get; } =
    [
        new(Convolutional, "CNN, N = 256", RandomSubject.PaperSide, r => r.ThreeLayer(RandomSubject.PaperSide, RandomSubject.PaperSide)),
        new("fcn-4096", "FCN, Nh = 4096", RandomSubject.PaperSide, r => r.FullyConnected(RandomSubject.PaperSide, RandomSubject.PaperSide)),
    ];

    protected override (string, Func<double, bool>?) Claim(RandomSubject subject, string method) => subject.Key == Convolutional && method == "guided"
        ? ("shows the picture", r => r >= Shown)
        : ("noise", IsNoise);
}

/// <summary>Figure 6: max pooling, and deep networks.</summary>
internal sealed class RandomPooling : RandomMaps
{
    public override string Name => "nie-fig6";

    public override string Shows => "Nie, Zhang and Patel, Figure 6: random networks with max pooling, VGG-16 and ResNet-18 among them: DeconvNet shows the picture, saliency does not.";

    protected override IReadOnlyList<RandomSubject> Subjects { get; } =
    [
        new("cnn-pool9", "CNN, pool 9x9", RandomSubject.PaperSide, r => r.ThreeLayer(RandomSubject.PaperSide, RandomSubject.PaperSide, pool: RandomNetworks.MaxPool9)),
        new("cnn-pool2", "CNN, pool 2x2 s2", RandomSubject.PaperSide, r => r.ThreeLayer(RandomSubject.PaperSide, RandomSubject.PaperSide, pool: RandomNetworks.MaxPool2)),
        new("vgg-16", "VGG-16", RandomSubject.PaperSide, r => r.Vgg16()),
        new("resnet-18", "ResNet-18", RandomSubject.PaperSide, r => r.ResNet18()),
    ];

    protected override (string, Func<double, bool>?) Claim(RandomSubject subject, string method) => method switch
    {
        "saliency" => ("noise", IsNoise),
        "deconvnet" => ("readable", r => r >= Readable),
        _ => ("shows the picture", r => r >= Shown),
    };
}
