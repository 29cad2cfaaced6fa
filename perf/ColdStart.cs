using System.Diagnostics;
using Preimage.Algorithms.Experiments;
using Preimage.Layers;
using Preimage.Perf.Networks;

namespace Preimage.Perf;

/// <summary>Wall time of the program from its start to its end, as a user waits for it: <c>explain</c> with its four methods of one pass, a process each.</summary>
internal sealed class ColdStart(SuiteOptions options, Arguments arguments)
{
    /// <summary>Measures one row; the first run, which also fills the file cache, is among the times.</summary>
    public IEnumerable<Row> Run()
    {
        using SavedNetwork? drawn = arguments.Value("--model") is null ? new SavedNetwork("squeezenet") : null;
        string folder = Directory.CreateTempSubdirectory("preimage-coldstart-").FullName;
        try
        {
            string picture = arguments.Value("--image") ?? Path.Combine(folder, "house.png");
            if (!File.Exists(picture))
                DrawnPicture.House(256, 256).Save(picture);
            string program = arguments.Value("--program") ?? Path.Combine(AppContext.BaseDirectory, "../../../../Cli/bin/Release/net10.0/preimage");
            string model = arguments.Value("--model") ?? drawn!.Model;
            var start = new ProcessStartInfo(program, ["explain", model, picture, "--preprocess", arguments.Value("--preprocess") ?? "imagenet-caffe", "--out", Path.Combine(folder, "out.png")])
            {
                RedirectStandardOutput = true,
            };
            Timing times = Timing.Of(Turns.Of(() => Explain(start))(options.Quick ? 5 : 15));
            yield return Row.Of(options, "coldstart", $"explain {Path.GetFileNameWithoutExtension(model)}", 1, Processor.Threads, 0, times, "", "", null);
        }
        finally
        {
            Directory.Delete(folder, true);
        }
    }

    static void Explain(ProcessStartInfo start)
    {
        using Process process = Process.Start(start)!;
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{start.FileName} {string.Join(' ', start.ArgumentList)} ended with {process.ExitCode}");
    }
}
