using System.Globalization;
using Preimage.Algorithms.Experiments;
using Preimage.Algorithms.Imaging;
using Preimage.Algorithms.Imaging.Rendering;

namespace Preimage.Cli.Sheets;

/// <summary>Draws the demonstration: the picture, and what each method gives back of it without and with max pooling.</summary>
internal static class DemoSheet
{
    /// <summary>Draws the sheet.</summary>
    public static Picture Draw(Picture picture, IReadOnlyList<RecoveredPicture> results)
    {
        var sheet = new Mosaic { Title = "What three methods draw out of a network that was never trained", Columns = 4 };
        foreach (IGrouping<bool, RecoveredPicture> row in results.GroupBy(r => r.Pool is not null))
        {
            sheet.Add(picture.AtLeast(MapRenderer.JointRgb.MinimumWidth), row.Key ? "the picture; net with max pooling" : "the picture; net without pooling");
            foreach (RecoveredPicture result in row)
            {
                string correlation = result.Correlation.ToString("F2", CultureInfo.InvariantCulture);
                sheet.Add(result.Result.Render(MapRenderer.JointRgb).Picture, $"{result.Result.Method} correlation {correlation}");
            }
        }

        return sheet.Render();
    }
}
