namespace Preimage.Surface.Tests.Commands;

/// <summary>A folder that is gone after the test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    /// <summary>Its path.</summary>
    public string Path { get; } = Directory.CreateTempSubdirectory("preimage-tests-").FullName;

    /// <summary>The path of a file in it.</summary>
    public string this[string file] => System.IO.Path.Combine(Path, file);

    /// <summary>Deletes it with all it holds.</summary>
    public void Dispose() => Directory.Delete(Path, recursive: true);
}
