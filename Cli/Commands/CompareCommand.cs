using System.CommandLine;
using System.Text.Json;
using Preimage.Algorithms.Attribution;
using Preimage.Algorithms.Comparison;
using Preimage.Cli.Documents;
using Preimage.Cli.Inputs;
using Preimage.Cli.Output;
using Preimage.Layers;

namespace Preimage.Cli.Commands;

/// <summary><c>preimage compare MODEL IMAGE --devices cpu,cuda:0</c>: where two devices, or two precisions, agree.</summary>
internal static class CompareCommand
{
    const string All = "all";

    /// <summary>Makes the command.</summary>
    /// <param name="cancellation">Signalled by Ctrl+C.</param>
    public static Command Create(CancellationToken cancellation)
    {
        var model = new ModelFile();
        Argument<string> image = new("IMAGE") { Description = "A picture (PNG, PPM, JPEG), or a .npy array of one sample that is the network's input as it is." };
        Option<ComparedSide[]> devices = new("--devices")
        {
            Description = "The side errors are measured against and the other one: cpu,cuda:0. A precision may stand behind a device: cpu,cpu:strict or cuda:0,cuda:0:fast.",
            HelpName = "A,B", Required = true,
            CustomParser = result => ComparedSide.TryParse(result.Tokens[0].Value, out ComparedSide[] sides) ? sides : Refuse(result),
        };
        Option<string> method = new("--method") { Description = "The method whose maps are compared.", DefaultValueFactory = _ => All };
        method.AcceptOnlyFromAmong([.. ComparisonOptions.AllMethods.Keys, All]);
        Option<int?> class_ = new("--class") { Description = "The class that maps explain; without it the strongest on the first side.", HelpName = "N" };
        Option<string> precision = CommonOptions.Arithmetic("The arithmetic of a side that does not say.");
        Option<double> threshold = new("--threshold") { Description = "The error of a node's values from which on the sides count as diverged.", HelpName = "X", DefaultValueFactory = _ => new ComparisonOptions().Threshold };
        Option<string?> preprocess = CommonOptions.Preprocess();
        Option<bool> json = CommonOptions.Json(CompareDocument.Form);
        var command = new Command("compare", "Compare two devices node by node: values, ReLU masks, pooling switches, maps. Exits with 1 where they differ by more than rounding explains.")
        {
            model.Path, model.Structure, image, devices, method, class_, precision, threshold, preprocess, json,
        };
        command.SetAction(parsed =>
        {
            using Network network = model.Load(parsed);
            var reader = new InputReader(network, parsed.GetValue(preprocess));
            NetworkInput[] inputs = [.. reader.Read(parsed.GetRequiredValue(image))];
            if (inputs.Length != 1)
                throw new UsageException($"{parsed.GetRequiredValue(image)} holds {inputs.Length} samples: one is compared at a time");
            Precision usual = ComparedSide.PrecisionOf(parsed.GetRequiredValue(precision))!.Value;
            ComparedSide[] sides = parsed.GetRequiredValue(devices);
            using Engine expected = On(network, sides[0], usual), actual = On(network, sides[1], usual);
            string name = parsed.GetRequiredValue(method);
            var options = new ComparisonOptions
            {
                Target = parsed.GetValue(class_) is { } index ? Target.Class(index) : Target.Argmax,
                Methods = ComparisonOptions.AllMethods.Where(m => name is All || m.Key == name).ToDictionary(),
                Threshold = parsed.GetValue(threshold),
            };
            ComparisonResult result = new EngineComparison(expected, actual).Compare(inputs[0].Tensor, options, cancellation);
            bool guessed = reader.IsGuess && inputs[0].Preprocessing is not null;
            if (guessed)
                Facts.Warn($"no --preprocess was given; '{reader.Preprocessing.Name}' is a guess");
            CompareDocument document = CompareDocument.Of(inputs[0], guessed, expected, actual, result);
            if (parsed.GetValue(json))
                Console.Out.WriteLine(JsonSerializer.Serialize(document, DocumentContext.Default.CompareDocument));
            else
                CompareReport.Write(document, expected, actual, result.Verdict);
            return result.Verdict is ComparisonVerdict.Different or ComparisonVerdict.NotTestable ? ExitCode.Failure : ExitCode.Ok;
        });
        return command;
    }

    static Engine On(Network network, ComparedSide side, Precision usual) =>
        network.On(side.Device, new EngineOptions { Precision = side.Precision ?? usual });

    static ComparedSide[] Refuse(System.CommandLine.Parsing.ArgumentResult result)
    {
        result.AddError($"'{result.Tokens[0].Value}' are no two devices: cpu,cuda:0 or cpu,cpu:strict are wanted.");
        return [];
    }
}
