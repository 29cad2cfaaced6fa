using System.Text.Json;
using Preimage.Algorithms.Attribution;
using Preimage.Cli.Documents;
using Preimage.Cli.Inputs;
using Preimage.Cli.Output;
using Preimage.Layers;

namespace Preimage.Cli.Searching;

/// <summary>The largest activations of feature maps, by which maximised ones are measured.</summary>
internal static class UnitStatistics
{
    /// <summary>Reads what <c>top --json</c> wrote.</summary>
    /// <exception cref="PreimageException">It is of another node or model, or no such document.</exception>
    public static IReadOnlyList<UnitMaxima> Load(string path, Network network, string node)
    {
        TopDocument document;
        try
        {
            document = JsonSerializer.Deserialize(File.ReadAllText(path), DocumentContext.Default.TopDocument) ?? throw new JsonException("it is empty");
        }
        catch (JsonException e)
        {
            throw new PreimageException($"{path} is not what 'preimage top --json' writes: {e.Message}", e);
        }

        if (document.Node != node)
            throw new PreimageException($"{path} has the activations of node '{document.Node}', not of '{node}'");
        if (network.Hash.Length > 0 && document.Model.Sha256.Length > 0 && document.Model.Sha256 != network.Hash)
            throw new PreimageException($"{path} is of another model, {document.Model}");
        return [.. document.Units.Select(u => new UnitMaxima(u.Unit, [.. u.Maxima.Select(m => new UnitMaximum(m.Image, m.Activation, m.Row, m.Column, m.Field))]))];
    }

    /// <summary>Finds them in the pictures of a folder; one that cannot be read is passed over.</summary>
    public static IReadOnlyList<UnitMaxima> Find(
        Engine engine, string node, IReadOnlyList<int> channels, string folder, InputReader reader, CancellationToken cancellation)
    {
        string[] files = PictureFolder.List(folder);
        var skipped = new List<SkippedDocument>();
        IReadOnlyList<UnitMaxima> maxima = ProgressLine.Run("looking for the largest activations", files.Length, steps => new TopActivations(engine).Search(
            node, reader.Readable(files, skipped), 1, channels, steps, cancellation));
        foreach (SkippedDocument picture in skipped)
            Facts.Warn(picture.Reason);
        return skipped.Count < files.Length ? maxima : throw new PreimageException($"none of the {files.Length} pictures could be read, first {skipped[0].Reason}");
    }
}
