using System.CommandLine;
using System.Globalization;
using Preimage.Algorithms.Experiments;
using Preimage.Algorithms.Imaging;
using Preimage.Cli.Output;
using Preimage.Cli.Sheets;
using Preimage.Layers;

namespace Preimage.Cli.Commands;

/// <summary><c>preimage demo</c>: the main job on a picture the program draws and networks it makes itself.</summary>
internal static class DemoCommand
{
    /// <summary>Side of the picture: large enough to be recognised, small enough for a second.</summary>
    const int Side = 96;

    /// <summary>Makes the command.</summary>
    public static Command Create(CancellationToken cancellation)
    {
        Option<string> folder = new("--out") { Description = "The folder for the picture.", HelpName = "DIR", DefaultValueFactory = _ => "." };
        Option<ulong> seed = new("--seed") { Description = "The seed of the networks' weights.", HelpName = "N", DefaultValueFactory = _ => 0 };
        var command = new Command("demo", "Explain untrained networks on a drawn picture; needs no model and no network connection.") { folder, seed };
        command.SetAction(parsed =>
        {
            Picture picture = DrawnPicture.House(Side, Side);
            IReadOnlyList<RecoveredPicture> results = PictureRecovery.Run(picture, parsed.GetValue(seed), Device.Best, cancellation);
            string path = Path.Combine(parsed.GetRequiredValue(folder), "preimage-demo.png");
            Directory.CreateDirectory(parsed.GetRequiredValue(folder));
            DemoSheet.Draw(picture, results).Save(path);
            Print(results);
            Facts.Write("device", EngineFacts.Describe(results[0].Result.Device));
            Facts.Write("wrote", Path.GetFullPath(path));
            return ExitCode.Ok;
        });
        return command;
    }

    static void Print(IReadOnlyList<RecoveredPicture> results)
    {
        Console.Out.WriteLine($"A {Side}x{Side} drawing went through two networks with random weights: 256 filters of 7x7, ReLU, 10 logits;");
        Console.Out.WriteLine("one of them with 9x9 max pooling. Nothing was trained, so there is nothing to explain. Still, guided");
        Console.Out.WriteLine("backpropagation draws the picture, and DeconvNet does as soon as there is pooling; saliency draws noise.");
        Console.Out.WriteLine();
        var table = new Table("network", "method", "correlation with the picture ");
        foreach (RecoveredPicture result in results)
            table.Add(result.Pool is null ? "no pooling" : "max pooling", result.Result.Method, result.Correlation.ToString("F3", CultureInfo.InvariantCulture));
        table.Write();
        Console.Out.WriteLine();
    }
}
