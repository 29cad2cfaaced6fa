using Preimage.Algorithms.Backtracking;
using Preimage.Layers;
using Preimage.Layers.Kinds;

namespace Preimage.Algorithms.Tests.Backtracking;

/// <summary>The mirrored network in plain double loops, over switches and shapes of a forward run (reference specification 4.3).</summary>
/// <param name="network">The network.</param>
/// <param name="record">Switches of the sample.</param>
internal sealed class MirrorOracle(Network network, ForwardRecord record)
{
    readonly IReadOnlyList<Shape> _shapes = network.InferShapes();

    /// <summary>Carries maps of a node to the input.</summary>
    public double[] Reconstruct(Node node, double[] maps, MirrorOptions options)
    {
        double[] r = maps;
        for (Node at = node; at.Layer is not Input; at = at.Inputs[0])
        {
            Shape input = _shapes[at.Inputs[0].Index], output = _shapes[at.Index];
            switch (at.Layer)
            {
                case Relu when options.RectifyBetween:
                    r = [.. r.Select(v => Math.Max(v, 0))];
                    break;
                case MaxPool:
                    var placed = new double[input.Count];
                    ReadOnlySpan<int> switches = record.Switches(at.Name);
                    for (int i = 0; i < r.Length; i++)
                        placed[i / (output.H * output.W) * input.H * input.W + switches[i]] += r[i];
                    r = placed;
                    break;
                case Convolution convolution:
                    r = Transposed(convolution, r, input, output);
                    if (options.AddBias && Below(at.Inputs[0]) is { } below)
                        r = [.. r.Select((v, i) => v + below.Bias!.ToArray()[i / (input.H * input.W)])];
                    if (options.ReluAfterDeconvolution)
                        r = [.. r.Select(v => Math.Max(v, 0))];
                    break;
            }
        }

        return r;
    }

    /// <summary>The layer whose output a transposed convolution reconstructs.</summary>
    static Convolution? Below(Node node) => node.Layer as Convolution ?? (node.Layer is Input ? null : Below(node.Inputs[0]));

    static double[] Transposed(Convolution convolution, double[] z, Shape input, Shape output)
    {
        float[] f = convolution.Weight.ToArray();
        var (kernel, pads) = (convolution.Sliding.Kernel, convolution.Sliding.Pads);
        var dx = new double[input.Count];
        for (int k = 0; k < output.C; k++)
            for (int i = 0; i < output.H; i++)
                for (int j = 0; j < output.W; j++)
                    for (int c = 0; c < input.C; c++)
                        for (int a = 0; a < kernel.Y; a++)
                            for (int b = 0; b < kernel.X; b++)
                            {
                                int y = i + a - pads.Top, x = j + b - pads.Left;
                                if (y >= 0 && y < input.H && x >= 0 && x < input.W)
                                    dx[(c * input.H + y) * input.W + x] += z[(k * output.H + i) * output.W + j] * f[((k * input.C + c) * kernel.Y + a) * kernel.X + b];
                            }
        return dx;
    }
}
