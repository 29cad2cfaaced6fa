namespace Preimage.Tests.Shared;

/// <summary>What a test found out beyond passing: shown with the test, and kept in TestResults/, from where .ci/run prints it.</summary>
internal sealed class Report(string name, ITestOutputHelper output) : IDisposable
{
    readonly List<string> _lines = [];

    /// <summary>Adds a line.</summary>
    public void WriteLine(string line)
    {
        _lines.Add(line);
        output.WriteLine(line);
    }

    /// <summary>Writes the file.</summary>
    public void Dispose() => Write(name, _lines);

    /// <summary>Writes a file of TestResults/.</summary>
    public static void Write(string name, IEnumerable<string> lines)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Interop.sln")))
            folder = folder.Parent;
        string results = Path.Combine(folder?.FullName ?? AppContext.BaseDirectory, "TestResults");
        Directory.CreateDirectory(results);
        File.WriteAllLines(Path.Combine(results, $"{name}.txt"), lines);
    }
}
