using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Preimage.Algorithms.Attribution;
using Preimage.Cli.Documents;
using Preimage.Cli.Inputs;
using Preimage.Cli.Output;
using Preimage.Layers;

namespace Preimage.Cli.Commands;

/// <summary><c>preimage classify MODEL IMAGE...</c>: what a network sees.</summary>
internal static class ClassifyCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(CancellationToken cancellation)
    {
        var model = new ModelFile();
        Argument<string[]> images = CommonOptions.Images();
        Option<string?> labels = CommonOptions.Labels(), preprocess = CommonOptions.Preprocess();
        Option<int> top = new Option<int>("--top") { Description = "How many classes to list.", HelpName = "N", DefaultValueFactory = _ => 5 }.AtLeast(1);
        var where = new EngineArguments();
        Option<bool> json = CommonOptions.Json(ClassifyDocument.Form);
        var command = new Command("classify", "Name the classes a network sees in pictures, with their probabilities.")
        {
            model.Path, model.Structure, images, labels, top, preprocess, where.Device, where.Precision, json,
        };
        command.SetAction(parsed =>
        {
            using Network network = model.Load(parsed);
            var reader = new InputReader(network, parsed.GetValue(preprocess));
            Labels names = Labels.Load(parsed.GetValue(labels), network);
            using Engine engine = where.Make(network, parsed);
            var classifier = new Classifier(engine);
            var results = new List<ClassifiedDocument>();
            bool pictures = false;
            foreach (NetworkInput input in parsed.GetRequiredValue(images).SelectMany(reader.Read))
            {
                pictures |= input.Preprocessing is not null;
                IReadOnlyList<ClassScore> scores = classifier.Classify(input.Tensor, parsed.GetValue(top), cancellation)[0];
                results.Add(new ClassifiedDocument(
                    input.Source, [.. scores.Select(s => new ClassDocument(s.Class, names[s.Class], s.Probability, s.Logit))]));
            }

            bool guessed = pictures && reader.IsGuess;
            var document = new ClassifyDocument(
                ModelDocument.Of(network), engine.Device.ToString(), EngineFacts.Word(engine.Options.Precision), LibraryDocument.Of(engine),
                pictures ? reader.Preprocessing.ToString() : null, guessed, results);
            if (guessed)
                Facts.Warn($"no --preprocess was given; '{reader.Preprocessing.Name}' is a guess, and a wrong one makes wrong classes");
            if (parsed.GetValue(json))
                Console.Out.WriteLine(JsonSerializer.Serialize(document, DocumentContext.Default.ClassifyDocument));
            else
                Print(document, engine);
            return ExitCode.Ok;
        });
        return command;
    }

    static void Print(ClassifyDocument document, Engine engine)
    {
        Facts.Write("model", document.Model.ToString());
        EngineFacts.Write(engine);
        Facts.Write("preprocessing", document.Preprocessing ?? "none: arrays are the network's input as they are");
        foreach (ClassifiedDocument image in document.Images)
        {
            Console.Out.WriteLine();
            Console.Out.WriteLine(image.Image);
            var table = new Table("probability ", "class ", "label", "logit ");
            foreach (ClassDocument c in image.Classes)
            {
                table.Add(
                    c.Probability.ToString("F4", CultureInfo.InvariantCulture), $"{c.Class}", c.Label ?? "",
                    c.Logit.ToString("G6", CultureInfo.InvariantCulture));
            }

            table.Write();
        }
    }
}
