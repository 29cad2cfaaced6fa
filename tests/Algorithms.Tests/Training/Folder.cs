namespace Preimage.Algorithms.Tests.Training;

/// <summary>A folder that is gone after the test.</summary>
internal sealed class Folder : IDisposable
{
    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("preimage-");

    public string Path => _folder.FullName;

    public string this[string name] => System.IO.Path.Combine(Path, name);

    public void Dispose() => _folder.Delete(recursive: true);
}
