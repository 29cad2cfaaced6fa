using Preimage.Algorithms.Imaging;
using Preimage.Layers;

namespace Preimage.Cli.Inputs;

/// <summary>The pictures of a folder.</summary>
internal static class PictureFolder
{
    /// <summary>All files with a picture's extension, subfolders included, in the order of their names.</summary>
    /// <exception cref="PreimageException">There is no picture, or no folder.</exception>
    public static string[] List(string folder)
    {
        if (!Directory.Exists(folder))
            throw new PreimageException(File.Exists(folder) ? $"{folder} is a file: a folder of pictures is wanted" : $"there is no folder {folder}");
        string[] extensions = [.. ImageCodec.All.SelectMany(c => c.Extensions)];
        string[] files = [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Where(f => extensions.Contains(Path.GetExtension(f), StringComparer.OrdinalIgnoreCase))
            .Order(StringComparer.Ordinal)];
        return files.Length > 0
            ? files
            : throw new PreimageException($"{folder} has no pictures ({string.Join(", ", extensions)})");
    }
}
