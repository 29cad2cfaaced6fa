using System.Numerics.Tensors;
using Preimage.Algorithms.Attribution;
using Preimage.Algorithms.Imaging.Rendering;
using Preimage.Layers;

namespace Preimage.Algorithms.Gallery.Building;

/// <summary>What one method draws of all pictures of a subject, for all their classes.</summary>
internal sealed class MethodMaps
{
    readonly List<float[][]> _maps = [];
    readonly List<string?[]> _mapNotes = [];
    readonly List<string> _notes = [];

    MethodMaps(CataloguedMethod method, AttributionResult first)
    {
        ReadOnlySpan<nint> lengths = first.Map.Lengths;
        int channels = (int)lengths[1];
        Size = (channels, (int)lengths[2], (int)lengths[3]);
        MapRenderer look = method.LookFor(channels);
        Entry = method;
        Method = new GalleryMethod
        {
            Name = method.Name,
            Title = method.Title,
            Explanation = method.Meaning,
            Settings = [.. first.Settings.Select(s => new GalleryFact(s.Key, s.Value))],
            Drawing = look.Reduction == ChannelReduction.None ? channels == 3 ? MapDrawing.Rgb : MapDrawing.Signed : look.Scale == MapScale.Magnitude ? MapDrawing.Heat : MapDrawing.Signed,
            Percentile = Math.Max(look.Percentile, 90),
        };
    }

    /// <summary>The method of the catalogue.</summary>
    public CataloguedMethod Entry { get; }

    /// <summary>The method as the page names it.</summary>
    public GalleryMethod Method { get; }

    /// <summary>Channels, rows and columns of a map; some methods have one number a pixel, or fewer pixels than the picture.</summary>
    public (int Channels, int Height, int Width) Size { get; }

    /// <summary>The maps: for each picture, for each of its classes, channels x rows x columns values in the network's order.</summary>
    public IReadOnlyList<float[][]> Maps => _maps;

    /// <summary>What is to be known of the method here, in sentences.</summary>
    public IReadOnlyList<string> Notes => _notes;

    /// <summary>Seconds a map took.</summary>
    public double Seconds { get; private set; }

    /// <summary>Explains every picture for each of its classes.</summary>
    /// <param name="subject">The network and its pictures.</param>
    /// <param name="entry">The method.</param>
    /// <param name="parts">Told how far it is.</param>
    /// <param name="cancellation">Stops the work between operators.</param>
    /// <exception cref="PreimageException">The method has no meaning for this network; the message says why.</exception>
    public static MethodMaps Of(GallerySubject subject, CataloguedMethod entry, IProgress<double>? parts, CancellationToken cancellation)
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        AttributionMethod method = entry.Make(subject.Engine);
        MethodMaps? maps = null;
        int count = 0;
        foreach (SubjectImage image in subject.Images)
        {
            int done = maps?._maps.Count ?? 0;
            var progress = parts is null ? null : new Relay<AttributionProgress>(parts, p => (done + (double)p.Maps / Math.Max(1, p.Total)) / subject.Images.Count);
            AttributionResult result = method.Attribute(image.Input.Tensor, [.. image.Classes.Select(Target.Class)], null, progress, cancellation);
            maps ??= new MethodMaps(entry, result);
            maps._maps.Add([.. image.Classes.Select((_, k) => result.Row(k).ToArray())]);
            maps._mapNotes.Add([.. image.Classes.Select((_, k) => NoteOf(result, k, image.Classes.Length))]);
            // What is said of single maps is said beside them.
            maps._notes.AddRange(result.Notes.Where(n => !n.StartsWith(About(result), StringComparison.Ordinal)).Except(maps._notes));
            count += image.Classes.Length;
        }

        maps!.Seconds = clock.Elapsed.TotalSeconds / count;
        return maps;
    }

    /// <summary>The cosine of maps of different classes of one picture, the mean over pairs; NaN where a map is zero or there is one class only.</summary>
    public double BetweenClasses(int image)
    {
        float[][] maps = _maps[image];
        double sum = 0;
        int pairs = 0;
        for (int a = 0; a < maps.Length; a++)
        {
            for (int b = a + 1; b < maps.Length; b++, pairs++)
                sum += Cosine(maps[a], maps[b]);
        }

        return sum / pairs;
    }

    /// <summary>The cosine of the maps of one picture and its first class under two networks; NaN where one is zero.</summary>
    public double Between(MethodMaps other, int image) => Cosine(_maps[image][0], other._maps[image][0]);

    static double Cosine(float[] a, float[] b)
    {
        double both = 0, first = 0, second = 0;
        for (int i = 0; i < a.Length; i++)
        {
            both += (double)a[i] * b[i];
            first += (double)a[i] * a[i];
            second += (double)b[i] * b[i];
        }

        return first > 0 && second > 0 ? both / Math.Sqrt(first * second) : double.NaN;
    }

    /// <summary>What the reader should know of a map.</summary>
    public IReadOnlyList<string> NotesOf(int image, int target) => _mapNotes[image][target] is { } note ? [note] : [];

    static string About(AttributionResult result) => $"the {result.Method} map";

    /// <summary>What a result says of one of its maps, without saying which.</summary>
    static string? NoteOf(AttributionResult result, int row, int rows)
    {
        string about = rows > 1 ? $"{About(result)} of row {row} " : $"{About(result)} ";
        return result.Notes.FirstOrDefault(n => n.StartsWith(about, StringComparison.Ordinal))?[about.Length..];
    }
}
