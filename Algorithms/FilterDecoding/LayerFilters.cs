using Preimage.Layers;
using Preimage.Layers.Kinds;
using Preimage.Layers.Weights;

namespace Preimage.Algorithms.FilterDecoding;

/// <summary>The filters of a convolution or dense layer as maps over all of its input channels: where decoding starts.</summary>
internal sealed class LayerFilters
{
    readonly WeightSource _weights;
    readonly int _groups, _kernelHeight, _kernelWidth;
    readonly (int Y, int X) _dilation;
    readonly float _factor = 1;
    readonly float[]? _columns;

    /// <summary>Reads nothing yet.</summary>
    public LayerFilters(Node node)
    {
        switch (node.Layer)
        {
            case Convolution { Sliding: var window } convolution:
                (_weights, _groups, _dilation) = (convolution.Weight, convolution.Groups, window.Dilation);
                (_kernelHeight, _kernelWidth) = (window.Kernel.Y, window.Kernel.X);
                Shape = new Shape(1, _weights.Extents[1] * _groups, window.Dilation.Y * (_kernelHeight - 1) + 1, window.Dilation.X * (_kernelWidth - 1) + 1);
                break;
            case Dense dense:
                (_weights, _groups, _kernelHeight, _kernelWidth, _dilation, _factor) = (dense.Weight, 1, 1, 1, (1, 1), dense.Alpha);
                Shape = new Shape(1, dense.Inputs);
                // A unit's weights lie apart in such a matrix: it is read once.
                _columns = dense.OutputMajor ? null : dense.Weight.ToArray();
                break;
            default:
                throw new ArgumentException($"{node} has no filters", nameof(node));
        }
    }

    /// <summary>One filter: 1 x C x rows x columns with dilation spelt out, or 1 x C of a dense layer.</summary>
    public Shape Shape { get; }

    /// <summary>Writes the filter of a unit; channels of other groups and places between taps are zero.</summary>
    /// <param name="unit">Which.</param>
    /// <param name="factor">Its factor.</param>
    /// <param name="values">Receives as many values as <see cref="Shape"/> has.</param>
    public void Read(int unit, float factor, Span<float> values)
    {
        values.Clear();
        factor *= _factor;
        int plane = _kernelHeight * _kernelWidth, channels = Shape.C / _groups;
        var own = new float[channels * plane];
        if (_columns is null)
        {
            _weights.Read(unit * own.Length, own);
        }
        else
        {
            int units = _weights.Extents[1];
            for (int i = 0; i < own.Length; i++)
                own[i] = _columns[i * units + unit];
        }

        int first = _groups == 1 ? 0 : unit / (_weights.Extents[0] / _groups) * channels;
        for (int i = 0; i < own.Length; i++)
        {
            (int channel, int tap) = (first + i / plane, i % plane);
            (int y, int x) = (tap / _kernelWidth * _dilation.Y, tap % _kernelWidth * _dilation.X);
            values[(channel * Shape.H + y) * Shape.W + x] = factor * own[i];
        }
    }
}
