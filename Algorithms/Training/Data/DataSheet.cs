using Preimage.Algorithms.Imaging;
using Preimage.Algorithms.Imaging.Rendering;

namespace Preimage.Algorithms.Training.Data;

/// <summary>A contact sheet: samples of each class, spread evenly over the set, a row for a class.</summary>
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
        var samples = ByClass(data, rows);
        var sheet = new Mosaic { Title = data.Name, Columns = perClass, TileWidth = tileWidth, Margin = 6, LabelScale = 1, TitleScale = 2 };
        for (int row = 0; row < rows; row++)
        {
            for (int i = 0; i < perClass; i++)
            {
                int count = samples[row].Count;
                if (i < count)
                    sheet.Add(Planes.Read(data, samples[row][(int)((long)i * count / Math.Min(perClass, count))]), i == 0 ? data.Classes[row] : "");
                else
                    sheet.AddGap();
            }
        }

        return sheet.Render();
    }

    static List<int>[] ByClass(DataSet data, int classes)
    {
        var samples = new List<int>[classes];
        for (int i = 0; i < classes; i++) samples[i] = [];
        for (int i = 0; i < data.Count; i++)
        {
            if (data.Label(i) is var label && label < classes) samples[label].Add(i);
        }

        return samples;
    }
}
