using System.Globalization;
using Preimage.Algorithms.Experiments;
using Preimage.Algorithms.Imaging;
using Preimage.Algorithms.Imaging.Rendering;

namespace Preimage.Cli.Sheets;

/// <summary>Draws the demonstration: the picture, and what each method gives back of it without and with max pooling.</summary>
internal static class DemoSheet
{
    // A few pixels at edges are far stronger than all others; without clipping them the rest would be grey.
    static readonly MapRenderer s_look = MapRenderer.JointRgb with { Percentile = 99 };

    /// <summary>Draws the sheet.</summary>
    public static Picture Draw(Picture picture, IReadOnlyList<RecoveredPicture> results)
    {
        var sheet = new Mosaic { Title = "What three methods draw out of a network that was never trained", Columns = 4 };
        foreach (IGrouping<bool, RecoveredPicture> row in results.GroupBy(r => r.Pool is not null))
        {
            sheet.Add(picture.AtLeast(MapRenderer.JointRgb.MinimumWidth), row.Key ? "network with max pooling" : "network without pooling");
            foreach (RecoveredPicture result in row)
            {
                string correlation = result.Correlation.ToString("F2", CultureInfo.InvariantCulture);
                sheet.Add(result.Result.Render(s_look).Picture, $"{result.Result.Method}, r = {correlation}");
            }
        }

        return sheet.Render();
    }
}
