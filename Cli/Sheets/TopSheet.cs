using Preimage.Algorithms.Attribution;
using Preimage.Algorithms.Imaging;
using Preimage.Algorithms.Imaging.Rendering;

namespace Preimage.Cli.Sheets;

/// <summary>Draws the pictures that excite feature maps most: per map a row of patches, under it the row of their reconstructions.</summary>
internal static class TopSheet
{
    /// <summary>Pixels a patch is enlarged to, about; small fields would be specks.</summary>
    const int PatchWidth = 112;

    /// <summary>Draws the sheet.</summary>
    /// <param name="title">The line above.</param>
    /// <param name="node">The node.</param>
    /// <param name="units">The feature maps.</param>
    /// <param name="method">What reconstructs.</param>
    /// <param name="prepare">Prepares a picture by its name.</param>
    /// <param name="cancellation">Signalled by Ctrl+C.</param>
    public static Picture Draw(
        string title, string node, IReadOnlyList<UnitMaxima> units, AttributionMethod method,
        Func<string, PreparedInput> prepare, CancellationToken cancellation)
    {
        int columns = units.Max(u => u.Strongest.Count);
        var sheet = new Mosaic { Title = title, Columns = columns, LabelScale = 1 };
        var blank = new Picture(1, 1, 1, [255]);
        foreach (UnitMaxima unit in units)
        {
            FieldReconstruction[] found = [.. unit.Strongest.Select(m =>
                FieldReconstruction.Of(method, prepare(m.Source), node, unit.Channel, m, cancellation))];
            for (int i = 0; i < columns; i++)
                sheet.Add(i < found.Length ? found[i].Patch.AtLeast(PatchWidth) : blank, i < found.Length ? $"map {unit.Channel}: {unit.Strongest[i].Activation:G4} {Name(unit.Strongest[i].Source)}" : "");
            for (int i = 0; i < columns; i++)
                sheet.Add(i < found.Length ? found[i].Map.Picture.AtLeast(PatchWidth) : blank);
        }

        return sheet.Render();
    }

    static string Name(string source) => Path.GetFileNameWithoutExtension(source);
}
