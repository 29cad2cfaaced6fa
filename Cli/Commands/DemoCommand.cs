using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Preimage.Algorithms.Gallery;
using Preimage.Algorithms.Gallery.Building;
using Preimage.Cli.Output;
using Preimage.Cli.Sheets;
using Preimage.Cli.Showing;
using Preimage.Layers;

namespace Preimage.Cli.Commands;

/// <summary><c>preimage demo</c>: everything the library does, on pictures the program draws and networks it makes itself.</summary>
internal static class DemoCommand
{
    /// <summary>The folder of the page within the one that was asked for.</summary>
    const string GalleryFolder = "gallery";

    /// <summary>Makes the command.</summary>
    public static Command Create(CancellationToken cancellation)
    {
        Option<string> folder = new("--out", "-o") { Description = "The folder for gallery/index.html and preimage-demo.png; made where it is not there.", HelpName = "DIR", DefaultValueFactory = _ => "." };
        Option<ulong> seed = new("--seed") { Description = "What data, weights and noise are drawn from; the same seed gives the same numbers.", HelpName = "N", DefaultValueFactory = _ => 0 };
        var command = new Command("demo", "Train a small network on drawn faces and show all methods on it, as a page for the browser; needs no model and no network connection.") { folder, seed };
        command.SetAction(parsed =>
        {
            string place = parsed.GetRequiredValue(folder);
            string gallery = place == "." ? GalleryFolder : Path.Combine(place, GalleryFolder);
            var clock = Stopwatch.StartNew();
            using DemoResult result = GalleryLine.Run(progress => DemoGallery.Make(
                gallery, parsed.GetValue(seed), Device.Best, GalleryCommand.Line(parsed), progress, cancellation));
            cancellation.ThrowIfCancellationRequested();
            GalleryPageSummary page = result.Save(Path.GetFullPath(gallery));
            string sheet = Path.Combine(place, "preimage-demo.png");
            DemoSheet.Draw(result.Drawing, result.Recovered).Save(sheet);
            Print(result);
            Facts.Write("device", EngineFacts.Describe(Device.Best));
            Facts.Write("time", Facts.Seconds(clock.Elapsed));
            Facts.Write("wrote", Path.GetFullPath(sheet));
            Facts.Write("wrote", GalleryCommand.Describe(Path.Combine(gallery, "index.html"), page));
            return ExitCode.Ok;
        });
        return command;
    }

    static void Print(DemoResult result)
    {
        int classes = result.Training.Network.Metadata.ClassNames.Count;
        Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"A network learnt {classes} drawn faces apart: {result.Test.Wrong} of {result.Test.Predictions.Count} test pictures wrong. The cosine of maps, 1 for the same picture:"));
        Console.Out.WriteLine();
        var methods = new Table("method", "of two classes ", "trained and random ");
        foreach (MethodFinding finding in result.Methods)
            methods.Add(finding.Method, Number(finding.BetweenClasses), Number(finding.ToRandom));
        methods.Write();
        Console.Out.WriteLine();
        Console.Out.WriteLine("A drawing went through two untrained networks of 256 filters. Nothing was learnt, so there is nothing to explain:");
        Console.Out.WriteLine();
        var recovered = new Table("network", "method", "correlation with the picture ");
        foreach (var found in result.Recovered)
            recovered.Add(found.Pool is null ? "no pooling" : "max pooling", found.Result.Method, Number(found.Correlation));
        recovered.Write();
        Console.Out.WriteLine();
    }

    static string Number(double number) => double.IsNaN(number) ? "a map is zero" : number.ToString("F3", CultureInfo.InvariantCulture);
}
