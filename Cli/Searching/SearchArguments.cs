using System.CommandLine;
using System.Globalization;
using Preimage.Algorithms.PreImages;
using Preimage.Cli.Commands;
using Preimage.Cli.Inputs;
using Preimage.Layers;

namespace Preimage.Cli.Searching;

/// <summary>Options that all searches for images take; each command adds its own instances.</summary>
internal sealed class SearchArguments
{
    readonly Option<double?> _c = Number("-C", "The weight of the objective against the regularisers; unless said 100 for an inversion, 1 for the others.");
    readonly Option<int?> _iterations = new Option<int?>("--iterations") { Description = "Iterations of the first phase; 300 unless said.", HelpName = "N" }.AtLeast(1);
    readonly Option<int?> _second = new Option<int?>("--second-phase") { Description = "Iterations of the phase without jitter behind it, 0 for none; an inversion of a network has 50.", HelpName = "N" }.AtLeast(0);
    readonly Option<int> _restarts = new Option<int>("--seeds") { Description = "Images to search for, each from its own noise.", HelpName = "N", DefaultValueFactory = _ => 1 }.AtLeast(1);
    readonly Option<ulong> _seed = new("--seed") { Description = "What noise and jitter are drawn from; the same seed gives the same bytes.", HelpName = "N" };
    readonly Option<int?> _jitter = new Option<int?>("--jitter") { Description = "Places among which each iteration draws the window that the network sees, 1 for none; a quarter of the node's stride unless said.", HelpName = "N" }.AtLeast(1);
    readonly Option<Parameterisation> _parameterisation = new("--parameterisation") { Description = "What is moved: pixels, or their spectrum with decorrelated colours (smoother, for --optimiser Adam)." };
    readonly Option<double?> _rotate = Number("--rotate", "Turn what the network sees by up to so many degrees, drawn for each iteration.", "DEG");
    readonly Option<string?> _scale = new("--scale") { Description = "Magnify what the network sees, by factors from MIN to MAX, drawn for each iteration.", HelpName = "MIN,MAX" };
    readonly Option<int?> _pad = new Option<int?>("--pad") { Description = "Pixels around the image that --rotate, --scale and --jitter may bring into view.", HelpName = "N" }.AtLeast(0);
    readonly Option<Optimiser> _optimiser = new("--optimiser") { Description = "How images follow the gradient." };
    readonly Option<double?> _rate = Number("--rate", "The learning rate, in the optimiser's own measure.");
    readonly Option<double?> _alpha = Number("--alpha", "The power of the bounded range, 6 unless said.");
    readonly Option<double?> _beta = Number("--beta", "The power of the total variation, 2 unless said.");
    readonly Option<double?> _b = Number("--bound", "B, the norm of a pixel that the bounded range allows, 80 unless said.");
    readonly Option<double?> _ball = Number("--ball", "B+, a pixel's largest norm, 160 unless said.");
    readonly Option<double?> _range = Number("--lambda-range", "The weight of the bounded range, 1 unless said.");
    readonly Option<double?> _variation = Number("--lambda-variation", "The weight of the total variation, 1 unless said.");
    readonly Option<bool> _free = new("--no-regularisers") { Description = "No bounded range, no total variation, no largest norm, no jitter, no transforms." };
    readonly Option<double?> _below = Number("--stop-below", "End a phase when every energy is below.");
    readonly Option<double?> _improvement = Number("--stop-improvement", "End a phase when 16 iterations lower the mean energy by less than this part, such as 0.001.");
    readonly Option<string?> _resume = File("--resume", "NPZ", "Go on where an earlier search with the same settings was stopped.");
    readonly Option<string?> _out = File("--out", "PNG", "Where the picture goes; its JSON goes beside it. Without it a name made of the model's or the picture's, in the current folder.").Written(picture: true);
    readonly Option<string?> _trace = File("--trace", "CSV", "Save the energies of every iteration, and a plot of them beside it (.png).").Written();
    readonly Option<string?> _frames = File("--frames", "DIR", "Save the images on the way as a sequence of PNG files.");
    readonly Option<int> _every = new Option<int>("--frame-every") { Description = "Iterations between frames.", HelpName = "N", DefaultValueFactory = _ => 10 }.AtLeast(1);
    readonly Option<string?> _images = File("--save-images", "NPY", "Save the images' numbers, N x D x H x W in pixel units.").Written();

    /// <summary>Where it runs.</summary>
    public EngineArguments Where { get; } = new();

    /// <summary>How pictures become inputs.</summary>
    public Option<string?> Preprocess { get; } = CommonOptions.Preprocess();

    /// <summary>Adds all of them to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[
            _c, _iterations, _second, _restarts, _seed, _jitter, _pad, _scale, _rotate, _parameterisation, _optimiser, _rate, _alpha, _beta, _b, _ball, _range, _variation, _free, _below, _improvement,
            Preprocess, Where.Device, Where.Precision, _out, _trace, _frames, _every, _images, _resume])
        {
            command.Options.Add(option);
        }
    }

    /// <summary>The options of a search: the method's own, with what the user says in their place.</summary>
    public PreImageOptions Options(ParseResult parsed, PreImageOptions own)
    {
        int? second = parsed.GetValue(_second);
        PreImageOptions options = own with
        {
            C = parsed.GetValue(_c) ?? own.C,
            Iterations = parsed.GetValue(_iterations) ?? own.Iterations,
            SecondPhase = second switch { null => own.SecondPhase, 0 => null, { } count => new SecondPhase { Iterations = count } },
            Restarts = parsed.GetValue(_restarts),
            Seed = parsed.GetValue(_seed),
            Jitter = parsed.GetValue(_jitter) ?? own.Jitter,
            Transforms = Transforms(parsed) ?? own.Transforms,
            Parameterisation = parsed.GetValue(_parameterisation),
            Optimiser = parsed.GetValue(_optimiser),
            LearningRate = parsed.GetValue(_rate) ?? own.LearningRate,
            Alpha = parsed.GetValue(_alpha) ?? own.Alpha,
            Beta = parsed.GetValue(_beta) ?? own.Beta,
            B = parsed.GetValue(_b) ?? own.B,
            BallRadius = parsed.GetValue(_ball) ?? own.BallRadius,
            LambdaRange = parsed.GetValue(_range) ?? own.LambdaRange,
            LambdaVariation = parsed.GetValue(_variation) ?? own.LambdaVariation,
            StopBelow = parsed.GetValue(_below),
            StopImprovement = parsed.GetValue(_improvement),
            KeepFrames = parsed.GetValue(_frames) is null ? null : parsed.GetValue(_every),
            Resume = parsed.GetValue(_resume) is { } state ? PreImageState.Load(state) : null,
        };
        return parsed.GetValue(_free) ? options.WithoutRegularisers() : options;
    }

    /// <summary>Where results go.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="name">The picture's name where nobody gives one, without an extension.</param>
    public SearchFiles Files(ParseResult parsed, string name) => new(
        parsed.GetValue(_out) ?? $"{string.Concat(name.Select(c => char.IsLetterOrDigit(c) || c == '-' ? c : '_'))}.png",
        parsed.GetValue(_trace), parsed.GetValue(_frames), parsed.GetValue(_images));

    ImageTransforms? Transforms(ParseResult parsed)
    {
        (int? padding, string? scale, double? rotation) = (parsed.GetValue(_pad), parsed.GetValue(_scale), parsed.GetValue(_rotate));
        if (padding is null && scale is null && rotation is null)
            return null;
        double[] range = [.. (scale ?? "1,1").Split(',').Select(part => double.TryParse(part, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number : double.NaN)];
        return range is [> 0 and double least, > 0 and double most] && most >= least
            ? new ImageTransforms { Padding = padding ?? 0, MinimumScale = least, MaximumScale = most, Rotation = rotation ?? 0 }
            : throw new UsageException($"--scale {scale}: two factors above 0 are wanted, the smaller one first, such as 0.9,1.1");
    }

    static Option<double?> Number(string name, string description, string kind = "X") => new(name) { Description = description, HelpName = kind };

    static Option<string?> File(string name, string kind, string description) => new(name) { Description = description, HelpName = kind };
}

/// <summary>Where the results of a search go; null for nowhere.</summary>
internal sealed record SearchFiles(string Picture, string? Trace, string? Frames, string? Images)
{
    /// <summary>The JSON beside the picture.</summary>
    public string Document => Path.ChangeExtension(Picture, ".json");

    /// <summary>Where a search that was stopped leaves what it takes to go on.</summary>
    public string State => Path.ChangeExtension(Picture, ".state.npz");
}
