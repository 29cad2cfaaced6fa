using System.Globalization;
using System.Numerics.Tensors;
using Preimage.Algorithms.Experiments.Reproduction;
using Preimage.Algorithms.Imaging;
using Preimage.Algorithms.PreImages;
using Preimage.Layers;

namespace Preimage.Algorithms.Experiments.NaturalPreImages;

/// <summary>How the paper's experiments search: its options with the run's seed and iterations, and what a unit of work keeps of a result.</summary>
internal static class Protocol
{
    /// <summary>Columns that an image of a figure has at least, so that its label can be read.</summary>
    public const int TileWidth = 200;

    /// <summary>Inversion of a network's node (spec 6.5). A run of other iterations has a sixth of them in the second phase, as the paper's 50 are of 300.</summary>
    public static PreImageOptions Inversion(ReproductionOptions run, double c)
    {
        PreImageOptions options = Seeded(PreImageOptions.PaperInversion(c), run);
        return run.Iterations is { } iterations ? options with { SecondPhase = new SecondPhase { Iterations = Math.Max(1, iterations / 6) } } : options;
    }

    /// <summary>Options of one phase: descriptors, maximisation, caricature.</summary>
    public static PreImageOptions Seeded(PreImageOptions options, ReproductionOptions run) =>
        options with { Seed = run.Seed, Iterations = run.Iterations ?? options.Iterations };

    /// <summary>What a unit's result depends on: network, preprocessing, picture, node, every option.</summary>
    public static Dictionary<string, string> Settings(Subject subject, Photo? photo, string node, PreImageOptions options, string more = "")
    {
        var settings = new Dictionary<string, string>
        {
            ["model"] = $"{subject.Name}, {subject.Identity}", ["preprocessing"] = $"{subject.Preprocessing}", ["node"] = node, ["options"] = Text(options),
        };
        if (photo is not null)
            settings["picture"] = photo.Hash;
        if (more.Length > 0)
            settings["more"] = more;
        return settings;
    }

    /// <summary>All options in words, so that another default is another setting.</summary>
    public static string Text(PreImageOptions options) => string.Create(CultureInfo.InvariantCulture, $"{options}");

    /// <summary>Passes a search's progress on as a part of the unit.</summary>
    public static IProgress<PreImageProgress>? Progress(UnitWatch watch) => watch.Progress is { } progress ? new Part(progress) : null;

    /// <summary>A result that is whole: a unit that was cancelled is no result.</summary>
    public static PreImageResult Whole(PreImageResult result, UnitWatch watch)
    {
        if (!result.Completed)
            watch.Cancellation.ThrowIfCancellationRequested();
        return result;
    }

    /// <summary>A result's errors in per cent, its first phase's energies, its pictures and notes.</summary>
    public static UnitResult Keep(PreImageResult result)
    {
        var kept = new UnitResult { Notes = [.. result.Notes] };
        for (int row = 0; row < result.Errors.Count; row++)
            kept.Numbers[Row("error", row)] = 100 * result.Errors[row];
        for (int row = 0; row < result.Images.Lengths[0]; row++)
            kept.Pictures[Row("image", row)] = result.Render(row).Picture;
        PreImageTrace.Segment first = result.Trace.Segments[0];
        kept.Series["energy"] = [.. Enumerable.Range(0, first.Iterations).Select(i => first.Total(i, 0))];
        return kept;
    }

    /// <summary>The name of a restart's number or picture: the first one has none.</summary>
    public static string Row(string name, int row) => row == 0 ? name : $"{name}{row + 1}";

    /// <summary>A node's values for inputs of the declared size, a row for each.</summary>
    public static float[] Features(Engine engine, string node, Tensor<float> inputs)
    {
        Network network = engine.Network;
        var pixels = new float[inputs.FlattenedLength];
        inputs.FlattenTo(pixels);
        int rows = (int)inputs.Lengths[0];
        Node at = network.Nodes[node];
        using PlanLoan loan = engine.Rent(new PlanOptions { Batch = network.MixesSamples ? null : 1, Observe = [at.Name] });
        var sample = new float[loan.Plan.ShapeOf(at).Count];
        var all = new float[rows * sample.Length];
        int size = pixels.Length / rows;
        for (int row = 0; row < rows; row++)
        {
            loan.Plan.Forward(pixels.AsSpan(row * size, size), sample);
            sample.CopyTo(all, row * sample.Length);
        }

        return all;
    }

    sealed class Part(IProgress<double> progress) : IProgress<PreImageProgress>
    {
        public void Report(PreImageProgress value) => progress.Report((double)value.Iteration / value.Total);
    }
}
