using Preimage.Algorithms.Imaging;
using Preimage.Algorithms.Imaging.Rendering;

namespace Preimage.Algorithms.Training.Data;

/// <summary>A contact sheet: the first samples of each class, a row for a class.</summary>
public static class DataSheet
{
    /// <summary>Draws the sheet.</summary>
    /// <param name="data">What is shown.</param>
    /// <param name="perClass">How many samples of each class, at least 1; a class with fewer leaves gaps.</param>
    /// <param name="classes">How many classes at most, the first ones; 0 for all.</param>
    /// <param name="tileWidth">Columns of pixels a sample has at least; smaller ones are enlarged by a whole factor.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public static Picture Draw(DataSet data, int perClass = 10, int classes = 0, int tileWidth = 56)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentOutOfRangeException.ThrowIfLessThan(perClass, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(classes);
        int rows = classes == 0 ? data.Classes.Count : Math.Min(classes, data.Classes.Count);
        var samples = First(data, perClass, rows);
        var sheet = new Mosaic { Title = data.Name, Columns = perClass, TileWidth = tileWidth, Margin = 6, LabelScale = 1, TitleScale = 2 };
        for (int row = 0; row < rows; row++)
        {
            for (int i = 0; i < perClass; i++)
            {
                if (i < samples[row].Count)
                    sheet.Add(Planes.Read(data, samples[row][i]), i == 0 ? data.Classes[row] : "");
                else
                    sheet.AddGap();
            }
        }

        return sheet.Render();
    }

    static List<int>[] First(DataSet data, int perClass, int classes)
    {
        var samples = new List<int>[classes];
        for (int i = 0; i < classes; i++) samples[i] = [];
        int missing = classes * perClass;
        for (int i = 0; i < data.Count && missing > 0; i++)
        {
            int label = data.Label(i);
            if (label >= classes || samples[label].Count == perClass) continue;
            samples[label].Add(i);
            missing--;
        }

        return samples;
    }
}
