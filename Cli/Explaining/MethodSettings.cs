using System.CommandLine;
using Preimage.Algorithms.Attribution;

namespace Preimage.Cli.Explaining;

/// <summary>What the command line may change of a method's settings; each option is of some methods only.</summary>
internal sealed class MethodSettings
{
    readonly Option<int?> _steps = Whole("--steps", "integrated-gradients: points on the path, 50 unless said.");
    readonly Option<int?> _samples = Whole("--samples", "*-smooth, *-variance: noisy copies, 25 unless said.");
    readonly Option<int?> _window = Whole("--window", "occlusion: rows and columns that are covered; the stride is half of them. A seventh of the picture's unless said.");
    readonly Option<string?> _layer = new("--layer") { Description = "grad-cam, guided-grad-cam: the node whose feature maps are looked at; without it the last that holds what convolutions gave.", HelpName = "NAME" };

    /// <summary>Adds the options.</summary>
    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[_steps, _samples, _window, _layer])
            command.Options.Add(option);
    }

    /// <summary>What sets a method as the options say.</summary>
    /// <exception cref="UsageException">None of the methods takes an option that is given.</exception>
    public Func<AttributionMethod, AttributionMethod> Of(ParseResult parsed, IReadOnlyList<string> methods)
    {
        (int? steps, int? samples, int? window, string? layer) = (parsed.GetValue(_steps), parsed.GetValue(_samples), parsed.GetValue(_window), parsed.GetValue(_layer));
        Require(steps is not null, "--steps", m => m.StartsWith("integrated-gradients", StringComparison.Ordinal));
        Require(samples is not null, "--samples", m => m.EndsWith("-smooth", StringComparison.Ordinal) || m.EndsWith("-variance", StringComparison.Ordinal));
        Require(window is not null, "--window", m => m == "occlusion");
        Require(layer is not null, "--layer", m => m is "grad-cam" or "guided-grad-cam");
        return method => method switch
        {
            IntegratedGradients own when steps is { } n => new IntegratedGradients(own.Engine) { Steps = n, Quadrature = own.Quadrature, Baseline = own.Baseline },
            SmoothGrad own when samples is { } n => new SmoothGrad(own.Method)
            {
                Samples = n, Deviation = own.Deviation, IsAbsolute = own.IsAbsolute, Seed = own.Seed, Statistic = own.Statistic,
            },
            Occlusion own when window is { } n => new Occlusion(own.Engine) { Window = (n, n), Baseline = own.Baseline, EachChannel = own.EachChannel },
            GradCam own when layer is not null => new GradCam(own.Engine, layer) { Rectify = own.Rectify, Enlargement = own.Enlargement },
            GuidedGradCam own when layer is not null => new GuidedGradCam(own.Engine, layer) { Enlargement = own.Enlargement },
            _ => method,
        };

        void Require(bool given, string option, Func<string, bool> takes)
        {
            if (given && !methods.Any(takes))
                throw new UsageException($"{option} is of none of the methods: {string.Join(", ", methods)}");
        }
    }

    static Option<int?> Whole(string name, string description)
    {
        var option = new Option<int?>(name) { Description = description, HelpName = "N" };
        option.Validators.Add(result =>
        {
            if (result.GetValue(option) < 1)
                result.AddError($"{name} takes a number of 1 or more.");
        });
        return option;
    }
}
