using System.Numerics.Tensors;
using System.Text.Json;
using Preimage.Algorithms.Attribution;
using Preimage.Cli.Documents;
using Preimage.Cli.Inputs;
using Preimage.Cli.Output;
using Preimage.Layers;

namespace Preimage.Cli.Explaining;

/// <summary>Prints what was explained, under which settings, what to know about it, and where it went.</summary>
internal sealed class ExplainReport(
    ExplainRequest request, Network network, Engine engine, Labels labels, IReadOnlyList<Explanation> explanations, bool guessed)
{
    /// <summary>Prints text, or JSON where that was asked for.</summary>
    public void Write(string? sheet, IReadOnlyDictionary<string, double> seconds)
    {
        if (guessed)
            Facts.Warn($"no --preprocess was given; '{explanations[0].Input.Preprocessing?.Name}' is a guess, and a wrong one explains a wrong class");
        if (request.Json)
            Console.Out.WriteLine(JsonSerializer.Serialize(Document(sheet, seconds), DocumentContext.Default.ExplainDocument));
        else
            WriteText(sheet, seconds);
    }

    string? Preprocessing => explanations.Select(e => e.Input.Preprocessing).FirstOrDefault(p => p is not null)?.ToString();

    void WriteText(string? sheet, IReadOnlyDictionary<string, double> seconds)
    {
        Facts.Write("model", ModelDocument.Of(network).ToString());
        EngineFacts.Write(engine);
        Facts.Write("preprocessing", Preprocessing ?? "none: arrays are the network's input as they are");
        Facts.Write("target", $"{request.Target}, seed {Lower(request.Seed)}");
        foreach (AttributionResult result in explanations.Take(request.Methods.Count).Select(e => e.Result).Where(r => r.Settings.Count > 0))
            Facts.Write("settings", $"{result.Method}: {string.Join(", ", result.Settings.Select(s => $"{s.Key} {s.Value}"))}");
        foreach (Explanation[] image in explanations.Chunk(request.Methods.Count))
        {
            Facts.Write("image", image[0].Input.Source);
            Facts.Write("explained", image[0].Describe(labels));
            foreach (string note in image.SelectMany(e => e.Result.Notes).Distinct())
                Facts.Note(note);
        }

        foreach (string file in explanations.Select(e => e.File).Append(sheet).OfType<string>())
            Facts.Write("wrote", file);
        Facts.Write("seconds", string.Join(", ", seconds.Select(s => $"{s.Key} {s.Value:F2}")));
    }

    ExplainDocument Document(string? sheet, IReadOnlyDictionary<string, double> seconds) => new(
        ModelDocument.Of(network), engine.Device.ToString(), EngineFacts.Word(engine.Options.Precision), LibraryDocument.Of(engine), Preprocessing, guessed, Lower(request.Seed),
        [.. explanations.Select(Map)], sheet, seconds);

    MapDocument Map(Explanation e)
    {
        ReadOnlySpan<float> values = e.Result.Row(0);
        return new MapDocument(
            e.Input.Source, e.Method, e.Unit.Target.ToString()!, e.Unit.Node, e.Unit.Unit, [e.Unit.Channel, e.Unit.Y, e.Unit.X], e.Unit.Activation,
            e.Score?.Class, e.Score is null ? null : labels[e.Score.Class], e.Score?.Probability, e.Result.Notes,
            TensorPrimitives.Min(values), TensorPrimitives.Max(values), Length(values), e.File);
    }

    static double Length(ReadOnlySpan<float> values)
    {
        double squares = 0;
        foreach (float value in values)
            squares += (double)value * value;
        return Math.Sqrt(squares);
    }

#pragma warning disable CA1308 // As the options are written.
    static string Lower<T>(T value) where T : struct, Enum => value.ToString().ToLowerInvariant();
#pragma warning restore CA1308
}
