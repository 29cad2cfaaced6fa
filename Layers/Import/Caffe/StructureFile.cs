namespace Preimage.Layers.Import.Caffe;

/// <summary>The file that holds the structure to a file of weights.</summary>
internal static class StructureFile
{
    /// <summary>The given file, or the first of the usual ones that lies beside the weights; null where there is none.</summary>
    /// <remarks>Beside NAME_iter_500.caffemodel: NAME_iter_500.prototxt, NAME.prototxt, either with _deploy, deploy.prototxt.</remarks>
    /// <exception cref="ModelException">The given file is not there.</exception>
    public static string? Find(string? weights, string? given)
    {
        if (given is not null)
            return File.Exists(given) ? given : throw new ModelException($"LoadOptions.Structure names '{given}', which is not there");
        if (weights is null)
            return null;
        string folder = Path.GetDirectoryName(Path.GetFullPath(weights))!, name = Path.GetFileNameWithoutExtension(weights);
        int snapshot = name.LastIndexOf("_iter_", StringComparison.Ordinal);
        string trained = snapshot > 0 ? name[..snapshot] : name;
        string[] usual = [name, $"{name}_deploy", trained, $"{trained}_deploy", "deploy"];
        return usual.Select(n => Path.Combine(folder, n + ".prototxt")).FirstOrDefault(File.Exists);
    }
}
