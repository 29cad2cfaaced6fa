using System.Globalization;
using System.Text.Json;
using Preimage.Algorithms.Imaging;
using Preimage.Algorithms.Imaging.Rendering;
using Preimage.Algorithms.PreImages;
using Preimage.Cli.Documents;
using Preimage.Cli.Output;
using Preimage.Layers;
using Preimage.Layers.Arrays;

namespace Preimage.Cli.Searching;

/// <summary>Runs a search and leaves its picture, the JSON beside it, and what else was asked for.</summary>
/// <param name="engine">The network on a device.</param>
/// <param name="files">Where results go.</param>
/// <param name="title">What is searched for, for the picture.</param>
/// <param name="shown">The picture it began with, or null.</param>
/// <param name="preprocessingGuessed">Whether nobody said how pictures become inputs.</param>
internal sealed class SearchRun(Engine engine, SearchFiles files, string title, Picture? shown, bool preprocessingGuessed)
{
    /// <summary>Columns that a small image is enlarged to, about.</summary>
    const int LeastWidth = 224;

    /// <summary>Searches, saves, reports; a search that was stopped saves the best image so far and what it takes to go on.</summary>
    /// <returns>The exit code.</returns>
    public int Execute(Func<IProgress<PreImageProgress>?, PreImageResult> search)
    {
        PreImageResult result = LiveEnergies.Run(title, search);
        Facts.Write("model", ModelDocument.Of(engine.Network) is { Path.Length: > 0 } model ? model.ToString() : "built in");
        EngineFacts.Write(engine);
        if (result.Preprocessing is { } preprocessing)
            Facts.Write("preprocessing", $"{preprocessing}{(preprocessingGuessed ? " (a guess: --preprocess says it)" : "")}");
        Facts.Write("objective", result.Objective);
        Facts.Write("settings", SearchSettings.Of(result.Options).Line());
        Facts.Write("iterations", string.Create(CultureInfo.InvariantCulture, $"{result.Iterations} in {result.Elapsed.TotalSeconds:F1} s, jitter {result.Jitter}, rate {string.Join(" then ", result.Rates.Select(r => r.ToString("G4", CultureInfo.InvariantCulture)))}"));
        for (int row = 0; row < result.Energies.Count; row++)
            Facts.Write($"image {result.Options.FirstRestart + row}", Caption(result, row));
        foreach (string note in result.Notes)
            Facts.Note(note);
        Save(result);
        if (result.Completed)
            return ExitCode.Ok;
        if (result.State is { } state)
        {
            state.Save(files.State);
            Facts.Write("stopped", $"the images are the best so far; go on with --resume {files.State}");
        }

        return ExitCode.Cancelled;
    }

    void Save(PreImageResult result)
    {
        Sheet(result).Save(files.Picture);
        var written = new List<string> { files.Picture, files.Document };
        if (files.Trace is { } trace)
        {
            result.Trace.Save(trace);
            string plot = Path.ChangeExtension(trace, ".png");
            result.Trace.Plot(result.Options.FirstRestart).Save(plot);
            written.AddRange([trace, plot]);
        }

        if (files.Images is { } images)
        {
            NpyFile.Save(images, result.Images);
            written.Add(images);
        }

        if (files.Frames is { } folder)
            written.Add($"{folder} ({SaveFrames(result, folder)} frames)");
        File.WriteAllText(files.Document, JsonSerializer.Serialize(SearchDocument.Of(result, engine, written), DocumentContext.Default.SearchDocument) + "\n");
        foreach (string file in written)
            Facts.Write("wrote", file);
    }

    Picture Sheet(PreImageResult result)
    {
        int rows = (int)result.Images.Lengths[0];
        var sheet = new Mosaic { Title = title, Columns = rows < 4 ? rows + (shown is null ? 0 : 1) : 0 };
        if (shown is not null)
            sheet.Add(shown.AtLeast(LeastWidth), "the picture");
        for (int row = 0; row < rows; row++)
            sheet.Add(result.Render(row).Picture.AtLeast(LeastWidth), Caption(result, row));
        return sheet.Render();
    }

    static string Caption(PreImageResult result, int row) => result.Errors.Count > row
        ? string.Create(CultureInfo.InvariantCulture, $"error {100 * result.Errors[row]:F1} %")
        : string.Join(", ", result.Energies[row].Select(e => string.Create(CultureInfo.InvariantCulture, $"{e.Key} {e.Value:G4}")));

    static int SaveFrames(PreImageResult result, string folder)
    {
        Directory.CreateDirectory(folder);
        int before = 0, phase = 0, last = 0;
        var numbers = new HashSet<string>();
        foreach (PreImageFrame frame in result.Frames)
        {
            if (frame.Phase != phase)
                (before, phase) = (frame.Phase > phase ? before + last : 0, frame.Phase);
            last = frame.Iteration;
            int rows = (int)frame.Images.Lengths[0];
            for (int row = 0; row < rows; row++)
            {
                string name = $"image{result.Options.FirstRestart + frame.FirstRow + row}-{before + frame.Iteration:D5}.png";
                result.Render(frame, row).Save(Path.Combine(folder, name));
                numbers.Add(name);
            }
        }

        return numbers.Count;
    }
}
