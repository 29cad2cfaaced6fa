using System.Diagnostics;

namespace Preimage.Surface.Tests.Commands;

/// <summary>One run of the demonstration, which several tests look at; into a folder that is not there.</summary>
public sealed class DemoRun : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public DemoRun()
    {
        var clock = Stopwatch.StartNew();
        Result = CommandLine.Run(_folder.Path, "demo", "-o", "first/run", "--seed", "0").Expect(0);
        Seconds = clock.Elapsed.TotalSeconds;
    }

    /// <summary>What it printed.</summary>
    public CommandLineResult Result { get; }

    /// <summary>How long it took.</summary>
    public double Seconds { get; }

    /// <summary>Where command lines of the page are to be run.</summary>
    public string Folder => _folder.Path;

    /// <summary>The page.</summary>
    public string Page => this["gallery/index.html"];

    /// <summary>A file of the result.</summary>
    public string this[string file] => Path.Combine(_folder["first/run"], file);

    public void Dispose() => _folder.Dispose();
}
