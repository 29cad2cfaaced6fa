using Preimage.Algorithms.Imaging;
using Preimage.Algorithms.Imaging.Rendering;

namespace Preimage.Algorithms.Experiments.FilterDecoding;

/// <summary>Draws which filters are made of which: a row of neurons per layer, the last layer on top, each with its own filter, its decoded filter and arrows to the filters below that it uses.</summary>
internal sealed class PartGraph
{
    const int Tile = 70, Gap = 22, Space = 90, Margin = 20, Caption = 14;

    // A filter below another is told from its neighbours by the colour of the arrows that lead from it.
    static readonly Colour[] s_colours =
        [new(0, 114, 178), new(213, 94, 0), new(0, 158, 115), new(204, 121, 167), new(170, 120, 0), new(86, 150, 200), new(90, 90, 90)];

    readonly List<(string Name, (string Label, Picture Own, Picture Decoded, int[] Uses)[] Neurons)> _layers = [];

    /// <summary>Adds a layer above the others.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="neurons">Its neurons, with the neurons of the layer below that they use.</param>
    public void Add(string name, IEnumerable<(string Label, Picture Own, Picture Decoded, int[] Uses)> neurons) => _layers.Add((name, [.. neurons]));

    /// <summary>Draws the graph.</summary>
    public Picture Render()
    {
        int widest = _layers.Max(l => l.Neurons.Length), rowHeight = Caption + 2 * Tile + 4;
        var canvas = new Canvas(2 * Margin + widest * (Tile + Gap), 2 * Margin + _layers.Count * rowHeight + (_layers.Count - 1) * Space, new Colour(250, 250, 250));
        for (int layer = 1; layer < _layers.Count; layer++)
            Arrows(canvas, layer);
        for (int layer = 0; layer < _layers.Count; layer++)
        {
            for (int i = 0; i < _layers[layer].Neurons.Length; i++)
            {
                (string label, Picture own, Picture decoded, _) = _layers[layer].Neurons[i];
                (int left, int top) = (Left(layer, i), Top(layer));
                canvas.Text($"{_layers[layer].Name} {label}", left, top, 1, Colour.Ink);
                Place(canvas, decoded, left, top + Caption);
                Place(canvas, own, left, top + Caption + Tile + 4);
            }
        }

        return canvas.ToPicture();
    }

    void Arrows(Canvas canvas, int layer)
    {
        for (int i = 0; i < _layers[layer].Neurons.Length; i++)
        {
            Colour colour = s_colours[i % s_colours.Length];
            int[] uses = [.. _layers[layer].Neurons[i].Uses.Distinct()];
            for (int k = 0; k < uses.Length; k++)
            {
                // Arrows leave next to each other.
                double fromX = Left(layer, i) + Tile * (k + 1.0) / (uses.Length + 1), fromY = Top(layer) + Caption + 2 * Tile + 6;
                double toX = Left(layer - 1, uses[k]) + Tile / 2.0, toY = Top(layer - 1) - 3, length = Math.Sqrt((toX - fromX) * (toX - fromX) + (toY - fromY) * (toY - fromY));
                (double alongX, double alongY) = ((toX - fromX) / length, (toY - fromY) / length);
                canvas.Line(fromX, fromY, toX, toY, 1.4, colour);
                canvas.Line(toX, toY, toX - 8 * alongX - 4 * alongY, toY - 8 * alongY + 4 * alongX, 1.4, colour);
                canvas.Line(toX, toY, toX - 8 * alongX + 4 * alongY, toY - 8 * alongY - 4 * alongX, 1.4, colour);
            }
        }
    }

    static void Place(Canvas canvas, Picture picture, int left, int top)
    {
        Picture enlarged = picture.Enlarge(Math.Max(1, Tile / Math.Max(picture.Width, picture.Height)));
        (int x, int y) = (left + (Tile - enlarged.Width) / 2, top + (Tile - enlarged.Height) / 2);
        canvas.Fill(x - 1, y - 1, enlarged.Width + 2, enlarged.Height + 2, new Colour(200, 200, 205));
        canvas.Draw(enlarged, x, y);
    }

    int Left(int layer, int neuron)
    {
        int widest = _layers.Max(l => l.Neurons.Length), own = _layers[layer].Neurons.Length;
        return Margin + (int)((neuron + 0.5) * widest * (Tile + Gap) / own) - Tile / 2;
    }

    int Top(int layer) => Margin + (_layers.Count - 1 - layer) * (Caption + 2 * Tile + 4 + Space);
}
