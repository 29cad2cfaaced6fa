using Preimage.Algorithms.Attribution;
using Preimage.Layers;

namespace Preimage.Algorithms.PreImages.Search;

/// <summary>Units of one node that are maximised in one image, each in a cell of its own (reference specification 6.6).</summary>
internal sealed class UnitMosaic
{
    readonly Node _node;
    readonly IReadOnlyList<int> _channels;
    readonly Shape _value;
    readonly int _cells;
    readonly double _field;

    UnitMosaic(Node node, IReadOnlyList<int> channels, Shape image, Shape value, double field)
    {
        (_node, _channels, Image, _value, _field) = (node, channels, image, value, field);
        _cells = CellsOf(channels.Count);
    }

    /// <summary>The input whose units fill the grid.</summary>
    public Shape Image { get; }

    /// <summary>Lays units out.</summary>
    /// <exception cref="PreimageException">The node has no such channel, or not enough units for the cells.</exception>
    public static UnitMosaic Of(Network network, Node node, IReadOnlyList<int> channels, PreImageOptions options, List<string> notes)
    {
        Shape declared = network.InputShape, value = network.InferShapes()[node.Index];
        if (channels.Count == 0 || channels.Distinct().Count() != channels.Count || channels.Any(c => (uint)c >= (uint)value.C))
            throw new PreimageException($"channels ({string.Join(", ", channels)}) of node '{node.Name}': at least one is needed, none twice, each 0 to {value.C - 1}");
        ReceptiveField? known = ReceptiveField.Of(network)[node.Index];
        double field = known is { } f ? Math.Max(f.Size.Y, f.Size.X) : Math.Max(declared.H, declared.W);
        if (known is null)
            notes.Add($"node '{node.Name}' has no receptive field of one size: rho is that of the network's input, {field}");
        Shape image = declared.WithSamples(1);
        if (options.Height is not null || options.Width is not null)
            image = new Shape(1, declared.C, options.Height ?? declared.H, options.Width ?? declared.W);
        else if (value is { Rank: 4 } && value.H * value.W > 1 && known is { } box)
            image = Largest(network, node, channels.Count, box, image, notes);
        value = ValueOf(network, node, image);
        int cells = CellsOf(channels.Count);
        return value.H >= cells && value.W >= cells
            ? new UnitMosaic(node, channels, image, value, field)
            : throw new PreimageException($"{channels.Count} channels of node '{node.Name}' need {cells}x{cells} cells, it has {value.H}x{value.W} units for an input of {image}: maximise fewer at a time");
    }

    /// <summary>10^4 / (rho^2 F M_f) at the unit in the middle of each channel's cell.</summary>
    public float[] Weights(IReadOnlyList<UnitMaxima> maxima)
    {
        var weights = new float[_value.SampleCount];
        for (int i = 0; i < _channels.Count; i++)
        {
            int channel = _channels[i];
            UnitMaxima own = maxima.FirstOrDefault(m => m.Channel == channel)
                ?? throw new PreimageException($"there is no largest activation of channel {channel} of node '{_node.Name}': give one for each channel");
            double most = own.Strongest.Count > 0 ? own.Strongest[0].Activation : 0;
            if (!(most > 0) || !double.IsFinite(most))
                throw new PreimageException($"the largest activation of channel {channel} of node '{_node.Name}' is {most}: it must be above 0 to be a measure (UnitMaxima of other pictures)");
            int y = Middle(i / _cells, _value.H), x = Middle(i % _cells, _value.W);
            weights[(channel * _value.H + y) * _value.W + x] = (float)(1e4 / (_field * _field * _channels.Count * most));
        }

        return weights;
    }

    int Middle(int cell, int units) => (2 * cell + 1) * units / (2 * _cells);

    static int CellsOf(int channels) => (int)Math.Ceiling(Math.Sqrt(channels));

    static Shape ValueOf(Network network, Node node, Shape image) =>
        network.InferShape(node, new Dictionary<string, Shape> { [network.Input.Name] = image });

    // The largest input whose output does not exceed the grid.
    static Shape Largest(Network network, Node node, int channels, ReceptiveField field, Shape declared, List<string> notes)
    {
        int size = Math.Max(field.Size.Y, field.Size.X), stride = Math.Max(field.Stride.Y, field.Stride.X);
        int reps = (int)Math.Round(1.1 * size / stride, MidpointRounding.AwayFromZero);
        if (channels > 1)
            reps = Math.Max(reps, 4);
        int grid = CellsOf(channels) * (reps + 1 - reps % 2);
        try
        {
            // Units beyond the grid need at most so many pixels; every stride less has one unit less.
            for (int side = (grid + 1) * stride + size; side >= size; side--)
            {
                var image = new Shape(1, declared.C, side, side);
                Shape value = ValueOf(network, node, image);
                if (value.H <= grid && value.W <= grid)
                    return image;
            }
        }
        catch (ModelException)
        {
            notes.Add($"the network takes no input of another size up to node '{node.Name}': the image has the declared one");
        }

        return declared;
    }
}
