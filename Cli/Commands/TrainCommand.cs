using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Preimage.Algorithms.Training;
using Preimage.Algorithms.Training.Data;
using Preimage.Cli.Documents;
using Preimage.Cli.Inputs;
using Preimage.Cli.Output;
using Preimage.Cli.Training;
using Preimage.Layers;

namespace Preimage.Cli.Commands;

/// <summary><c>preimage train --network NAME --data SOURCE</c>: trains a classifier, and leaves a model file that needs no further words.</summary>
internal static class TrainCommand
{
    /// <summary>Rows of the table at the end, about.</summary>
    const int ShownEpochs = 20;

    /// <summary>Makes the command.</summary>
    public static Command Create(CancellationToken cancellation)
    {
        Option<string> network = new("--network") { Description = "What is trained: lenet or tiny-vgg, sized for the data, or a model file.", HelpName = "lenet|tiny-vgg|FILE", DefaultValueFactory = _ => "lenet" };
        Option<string> data = new("--data") { Description = "Labelled pictures: " + string.Join("; ", DataSource.Forms) + ".", HelpName = "SOURCE", DefaultValueFactory = _ => "digits" };
        Option<int?> size = new Option<int?>("--size") { Description = "Rows and columns of faces and pictures in folders; part of --data too.", HelpName = "N" }.AtLeast(1);
        Option<string?> folder = new("--out") { Description = "The model file, ONNX; its classes and preprocessing are in it. Without it NETWORK-DATA.onnx in the current folder.", HelpName = "ONNX" };
        Option<string?> curve = new("--curve") { Description = "The learning curve as .csv, with a plot beside it (.png). Without it the model file's name with -curve.", HelpName = "CSV" };
        Option<string?> checkpoint = new("--checkpoint") { Description = "The file the state is kept in on the way. Without it one beside the model file, removed at the end.", HelpName = "NPZ" };
        Option<bool> resume = new("--resume") { Description = "Go on from the checkpoint of an earlier training with the same settings, if it is there; --epochs may be more." };
        Option<string?> sheet = new("--sheet") { Description = "Draw test pictures with what the network says of them, mistakes first.", HelpName = "PNG" };
        var where = new EngineArguments();
        Option<bool> json = CommonOptions.Json(TrainDocument.Form);
        var arguments = new TrainArguments();
        foreach (Option<string?> file in (Option<string?>[])[folder, curve, checkpoint])
            file.Written();
        sheet.Written(picture: true);
        var command = new Command("train", "Train a classifier on labelled pictures, with the recipes of two papers or your own.") { network, data, size };
        arguments.AddTo(command);
        foreach (Option option in (Option[])[where.Device, where.Precision, folder, curve, checkpoint, resume, sheet, json])
            command.Options.Add(option);
        command.SetAction(parsed =>
        {
            string source = parsed.GetRequiredValue(data), named = parsed.GetRequiredValue(network);
            if (parsed.GetValue(size) is { } extent)
                source += $",size={extent}";
            DataSplit split = DataSource.Open(source, arguments.Seed(parsed) ?? 0);
            using TrainedTopology topology = TrainedTopology.Of(named, split.Train);
            TrainingRecipe recipe = arguments.Recipe(parsed, topology.Recipe);
            string model = parsed.GetValue(folder) ?? $"{topology.Name}-{Word(source)}.onnx";
            string state = parsed.GetValue(checkpoint) ?? Path.ChangeExtension(model, ".checkpoint.npz");
            var options = new TrainingOptions { Checkpoint = state, Resume = parsed.GetValue(resume), Device = parsed.GetValue(where.Device) ?? Device.Best, Engine = where.Options(parsed) };
            TrainingResult result = Train(topology, split, recipe, options, cancellation);
            using Network trained = result.Network;
            var files = new List<string> { model };
            trained.Save(model);
            files.AddRange(SaveCurve(result.Curve, parsed.GetValue(curve) ?? Path.ChangeExtension(model, null) + "-curve.csv"));
            using Engine engine = trained.On(result.Device, options.Engine);
            if (parsed.GetValue(sheet) is { } picture)
            {
                Evaluation.Run(engine, split.Test, result.Preprocessing, recipe.Batch, cancellation).Sheet(split.Test).Save(picture);
                files.Add(picture);
            }

            if (parsed.GetValue(checkpoint) is not null)
                files.Add(state);
            else
                File.Delete(state);
            if (parsed.GetValue(json))
                Console.Out.WriteLine(JsonSerializer.Serialize(Describe(topology.Name, split, result, engine, files), DocumentContext.Default.TrainDocument));
            else
                Print(topology.Name, split, result, engine, files);
            return ExitCode.Ok;
        });
        return command;
    }

    static TrainingResult Train(TrainedTopology topology, DataSplit split, TrainingRecipe recipe, TrainingOptions options, CancellationToken cancellation)
    {
        try
        {
            return TrainingLine.Run($"{topology.Name} on {split.Train.Name}", progress => Trainer.Train(topology.Network, split, recipe, options, progress, cancellation));
        }
        catch (OperationCanceledException) when (File.Exists(options.Checkpoint))
        {
            Facts.Warn($"the training is kept in {options.Checkpoint}: go on with the same options and --resume");
            throw;
        }
    }

    static string[] SaveCurve(LearningCurve curve, string path)
    {
        string[] files = [Path.ChangeExtension(path, ".csv"), Path.ChangeExtension(path, ".png")];
        foreach (string file in files)
            curve.Save(file);
        return files;
    }

    /// <summary>The kind of data, for a file's name: what stands before the first sign.</summary>
    static string Word(string source) => string.Concat(source.TakeWhile(char.IsAsciiLetterOrDigit));

    static TrainDocument Describe(string name, DataSplit split, TrainingResult result, Engine engine, List<string> files) => new(
        name, split.Train.Name, result.Recipe.ToString(), result.Preprocessing.ToString(), split.Train.Classes, result.Device.ToString(), LibraryDocument.Of(engine),
        [.. result.Curve.Points.Select(EpochDocument.Of)], EpochDocument.Of(result.Curve.Best), result.Elapsed.TotalSeconds, files);

    static void Print(string name, DataSplit split, TrainingResult result, Engine engine, List<string> files)
    {
        Facts.Write("network", $"{name}, {result.Network.ParameterCount} parameters");
        Facts.Write("data", $"{split.Train.Name}: {split.Train.Count} to learn from, {split.Test.Count} to test on, {split.Train.Classes.Count} classes");
        Facts.Write("recipe", result.Recipe.ToString());
        EngineFacts.Write(engine);
        IReadOnlyList<CurvePoint> points = result.Curve.Points;
        int every = (points.Count + ShownEpochs - 1) / ShownEpochs;
        var table = new Table("epoch ", "loss ", "error % ", "test loss ", "test error % ", "s ", "");
        foreach (CurvePoint p in points.Where(p => p.Epoch % every == 0 || p.Epoch == points.Count || p.Epoch == result.BestEpoch))
            table.Add($"{p.Epoch}", Number(p.TrainLoss), Percent(p.TrainError), Number(p.TestLoss), Percent(p.TestError), p.Seconds.ToString("F1", CultureInfo.InvariantCulture), p.Epoch == result.BestEpoch ? "kept" : "");
        table.Write();
        foreach (string file in files)
            Facts.Write("wrote", file);
    }

    static string Number(double value) => value.ToString("G4", CultureInfo.InvariantCulture);

    static string Percent(double value) => (100 * value).ToString("F2", CultureInfo.InvariantCulture);
}
