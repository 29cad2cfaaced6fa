using System.Diagnostics;
using Preimage.Algorithms.Attribution;
using Preimage.Algorithms.Imaging;
using Preimage.Cli.Inputs;
using Preimage.Cli.Output;
using Preimage.Layers;
using Preimage.Layers.Arrays;

namespace Preimage.Cli.Explaining;

/// <summary>Runs an <see cref="ExplainRequest"/>: loads, explains, saves, reports.</summary>
/// <param name="request">What was asked for.</param>
/// <param name="cancellation">Signalled by Ctrl+C.</param>
internal sealed class Explainer(ExplainRequest request, CancellationToken cancellation)
{
    readonly Dictionary<string, double> _seconds = [];
    readonly Stopwatch _clock = Stopwatch.StartNew();

    /// <summary>Does everything and returns the exit code.</summary>
    public int Run()
    {
        using Network network = request.Model();
        var reader = new InputReader(network, request.Preprocess);
        Labels labels = Labels.Load(request.Labels, network);
        using Engine engine = request.Engine(network);
        Lap("load");
        List<NetworkInput> inputs = [.. request.Images.SelectMany(reader.Read)];
        Lap("read");
        List<Explanation> explanations = ProgressLine.Run("explaining", inputs.Count * request.Methods.Count, steps => ExplainAll(engine, inputs, steps));
        Lap("explain");
        string? sheet = Draw(network, labels, explanations, reader);
        Lap("save");
        bool guessed = reader.IsGuess && inputs.Exists(i => i.Preprocessing is not null);
        var report = new ExplainReport(request, network, engine, labels, explanations, guessed);
        report.Write(sheet, _seconds);
        return ExitCode.Ok;
    }

    List<Explanation> ExplainAll(Engine engine, List<NetworkInput> inputs, IProgress<int> steps)
    {
        var options = new AttributionOptions { Seed = request.Seed };
        Classifier? classifier = request.Target.NodeName is null ? new Classifier(engine) : null;
        AttributionMethod[] methods = [.. request.Methods.Select(m => request.Set(MethodCatalogue.ByName(m).Make(engine)))];
        var explanations = new List<Explanation>();
        for (int i = 0; i < inputs.Count; i++)
        {
            NetworkInput input = inputs[i];
            IReadOnlyList<ClassScore>? scores = classifier?.Classify(input.Tensor, int.MaxValue, cancellation)[0];
            foreach (AttributionMethod method in methods)
            {
                AttributionResult result = input.Prepared is { } prepared
                    ? method.Attribute(prepared, request.Target, options, cancellation)
                    : method.Attribute(input.Tensor, request.Target, options, cancellation: cancellation);
                ClassScore? score = scores?.FirstOrDefault(s => s.Class == result.Units[0].Unit);
                explanations.Add(new Explanation(input, method.Name, result, score, Save(result, i, inputs.Count)));
                steps.Report(explanations.Count);
            }
        }

        return explanations;
    }

    /// <summary>Saves the numbers under the name asked for, with the image's number and the method where there are several.</summary>
    string? Save(AttributionResult result, int image, int images)
    {
        if (request.SaveMap is not { } path)
            return null;
        string extension = Path.GetExtension(path);
        string name = path[..^extension.Length] + (images > 1 ? $"-{image + 1}" : "") + (request.Methods.Count > 1 ? $"-{result.Method}" : "");
        path = name + (extension.Length > 0 ? extension : ".npy");
        NpyFile.Save(path, result.Map);
        return path;
    }

    string? Draw(Network network, Labels labels, List<Explanation> explanations, InputReader reader)
    {
        if (request.Out is not { } path)
            return null;
        if (network.InputShape.Rank != 4)
            throw new PreimageException($"the network's input ({network.InputShape}) is no picture, so there is none to draw: use --save-map");
        string title = $"{Path.GetFileNameWithoutExtension(network.Source)}: {request.Target}";
        ExplainSheet.Draw(title, explanations, labels, request.Methods.Count, reader.Preprocessing.Order).Save(path);
        return path;
    }

    void Lap(string what)
    {
        _seconds[what] = Math.Round(_clock.Elapsed.TotalSeconds, 4);
        _clock.Restart();
    }
}
