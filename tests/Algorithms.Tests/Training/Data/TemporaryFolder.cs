namespace Preimage.Algorithms.Tests.Training.Data;

/// <summary>A folder that goes with the test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("preimage-data-").FullName;

    /// <summary>Writes a file, making the folders it lies in.</summary>
    public string Write(string relative, byte[] bytes)
    {
        string path = In(relative);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    /// <summary>A path in it, whose folder is there.</summary>
    public string In(string relative)
    {
        string path = System.IO.Path.Combine(Path, relative);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        return path;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
