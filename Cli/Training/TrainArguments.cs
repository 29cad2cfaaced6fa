using System.CommandLine;
using System.Globalization;
using Preimage.Algorithms.Training;
using Preimage.Cli.Commands;
using Preimage.Layers;

namespace Preimage.Cli.Training;

/// <summary>The options of <c>train</c> that change a recipe.</summary>
internal sealed class TrainArguments
{
    readonly Option<string?> _recipe = new Option<string?>("--recipe") { Description = "The paper's settings to start from; without it those of the network." }.Among("lenet", "tiny-vgg");
    readonly Option<int?> _epochs = new Option<int?>("--epochs") { Description = "How often all samples are learnt from.", HelpName = "N" }.AtLeast(1);
    readonly Option<int?> _batch = new Option<int?>("--batch") { Description = "Samples of a step.", HelpName = "N" }.AtLeast(1);
    readonly Option<double?> _rate = new("--rate") { Description = "The learning rate; 0.01 for another optimiser than the recipe's, 0.001 for adam.", HelpName = "X" };
    readonly Option<double?> _factor = new("--rate-factor") { Description = "What the learning rate is multiplied by after each epoch, such as 0.8.", HelpName = "X" };
    readonly Option<double?> _momentum = new("--momentum") { Description = "What sgd keeps of the step before, 0 to below 1.", HelpName = "X" };
    readonly Option<double?> _decay = new("--decay") { Description = "sgd's weight decay.", HelpName = "X" };
    readonly Option<string?> _optimiser = new Option<string?>("--optimiser") { Description = "How weights follow the gradient." }.Among("sgd", "adam", "adagrad");
    readonly Option<string?> _initialiser = new("--initialiser") { Description = "What weights start from: glorot, he, gaussian:DEVIATION, or keep for those of the file.", HelpName = "KIND" };
    readonly Option<bool> _mean = new("--subtract-mean") { Description = "Subtract the mean training picture in the network, as the recipe lenet does anyway." };
    readonly Option<ulong?> _seed = new("--seed") { Description = "What initial weights, orders and drawn data follow from; the same seed gives the same bytes.", HelpName = "N" };

    /// <summary>Adds all of them to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[_recipe, _epochs, _batch, _rate, _factor, _momentum, _decay, _optimiser, _initialiser, _mean, _seed])
            command.Options.Add(option);
    }

    /// <summary>The seed, or null where nobody says.</summary>
    public ulong? Seed(ParseResult parsed) => parsed.GetValue(_seed);

    /// <summary>The recipe with what the user says in its place.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="own">The network's recipe.</param>
    /// <exception cref="UsageException">Options do not go together.</exception>
    public TrainingRecipe Recipe(ParseResult parsed, TrainingRecipe own)
    {
        TrainingRecipe recipe = parsed.GetValue(_recipe) switch { "lenet" => TrainingRecipe.LeNet, "tiny-vgg" => TrainingRecipe.TinyVgg, _ => own };
        return recipe with
        {
            Epochs = parsed.GetValue(_epochs) ?? recipe.Epochs,
            Batch = parsed.GetValue(_batch) ?? recipe.Batch,
            RateFactor = parsed.GetValue(_factor) ?? recipe.RateFactor,
            Optimiser = OptimiserOf(parsed, recipe.Optimiser),
            Initialiser = parsed.GetValue(_initialiser) is { } text ? InitialiserOf(text) : recipe.Initialiser,
            SubtractsMeanPicture = recipe.SubtractsMeanPicture || parsed.GetValue(_mean),
            Seed = parsed.GetValue(_seed) ?? recipe.Seed,
        };
    }

    static Initialiser InitialiserOf(string text)
    {
        try
        {
            return Initialiser.Parse(text);
        }
        catch (PreimageException e)
        {
            throw new UsageException($"--initialiser: {e.Message}");
        }
    }

    Optimiser OptimiserOf(ParseResult parsed, Optimiser own)
    {
        Optimiser optimiser = (parsed.GetValue(_optimiser), own) switch
        {
            ("sgd", not Sgd) => new Sgd(0.01),
            ("adam", not Adam) => new Adam(),
            ("adagrad", not AdaGrad) => new AdaGrad(),
            _ => own,
        };
        double? momentum = parsed.GetValue(_momentum), decay = parsed.GetValue(_decay), rate = parsed.GetValue(_rate);
        if (rate is not null and not > 0)
            throw new UsageException(string.Create(CultureInfo.InvariantCulture, $"--rate is {rate}: it must be above 0"));
        if (rate is { } r)
            optimiser = optimiser with { Rate = r };
        if (momentum is null && decay is null)
            return optimiser;
        return optimiser is Sgd sgd
            ? sgd with { Momentum = momentum ?? sgd.Momentum, Decay = decay ?? sgd.Decay }
            : throw new UsageException("--momentum and --decay are sgd's");
    }
}

/// <summary>Options that take one of a few words.</summary>
file static class Words
{
    /// <summary>Refuses other words.</summary>
    public static Option<string?> Among(this Option<string?> option, params string[] words)
    {
        option.AcceptOnlyFromAmong(words);
        return option;
    }
}
