using Preimage.Layers;

namespace Preimage.Algorithms.Experiments.Reproduction;

/// <summary>The folder of reference models and photos, which lies beside the library and is no part of it.</summary>
internal static class ReferenceFolder
{
    const string Variable = "PREIMAGE_DATA", Usual = "shared/reference/data";

    /// <summary>The folder given, or the one PREIMAGE_DATA names, or shared/reference/data in the current folder or one above it; null where there is none.</summary>
    /// <exception cref="PreimageException">A folder was given, or named by the variable, and is not there.</exception>
    public static string? Find(string? given)
    {
        if ((given ?? Environment.GetEnvironmentVariable(Variable)) is { Length: > 0 } named)
            return Directory.Exists(named) ? named : throw new PreimageException($"there is no data folder '{named}' ({(given is null ? Variable : "as asked for")})");
        for (var folder = new DirectoryInfo(Environment.CurrentDirectory); folder is not null; folder = folder.Parent)
        {
            string path = Path.Combine(folder.FullName, Usual);
            if (Directory.Exists(path))
                return path;
        }

        return null;
    }
}
