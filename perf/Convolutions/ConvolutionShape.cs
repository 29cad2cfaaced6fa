using Preimage.Layers;
using Preimage.Layers.Kinds;
using Preimage.Layers.Topologies;

namespace Preimage.Perf.Convolutions;

/// <summary>A convolution of a network: the layer and the shape it gets.</summary>
/// <param name="Network">The first network that has it.</param>
/// <param name="Node">Its node there.</param>
/// <param name="Layer">The layer.</param>
/// <param name="Input">The shape of one sample.</param>
/// <param name="MultiplyAdds">Of one sample.</param>
internal sealed record ConvolutionShape(string Network, string Node, Convolution Layer, Shape Input, long MultiplyAdds)
{
    static readonly string[] s_networks = ["vgg-16", "alexnet", "vgg-m", "squeezenet", "resnet-18"];

    /// <summary>Every distinct one of the well-known networks.</summary>
    /// <param name="wants">Which networks.</param>
    public static IReadOnlyList<ConvolutionShape> Of(Func<string, bool> wants)
    {
        var seen = new HashSet<string>();
        var shapes = new List<ConvolutionShape>();
        foreach (string name in s_networks.Where(wants))
        {
            Network network = Topology.ByName(name);
            NodeSummary[] summaries = [.. NodeSummary.Of(network)];
            shapes.AddRange(
                from s in summaries
                where s.Node.Layer is Convolution
                select new ConvolutionShape(name, s.Node.Name, (Convolution)s.Node.Layer, summaries[s.Node.Inputs[0].Index].Shape, s.MultiplyAdds) into shape
                where seen.Add(shape.Problem)
                select shape);
        }

        return shapes;
    }

    /// <summary>Planes in, filters, window: what makes it the same problem as another.</summary>
    public string Problem
    {
        get
        {
            Window w = Layer.Sliding;
            string stride = w.Stride.Y == 1 ? "" : $"/{w.Stride.Y}", groups = Layer.Groups == 1 ? "" : $" in {Layer.Groups} groups";
            return $"{Input.C}x{Input.H}x{Input.W} to {Layer.Weight.Extents[0]}, {w.Kernel.Y}x{w.Kernel.X}{stride} pad {w.Pads.Top}{groups}";
        }
    }

    /// <summary>The network of this convolution alone.</summary>
    public Network Alone()
    {
        var builder = new NetworkBuilder();
        builder.Output(builder.Add(Node, Layer, builder.Input("data", Input)));
        return builder.Build();
    }

    /// <summary>The line torch_conv_peer.py takes: batch, input, filters, stride, pads, groups, each number by itself.</summary>
    public string ForPeer(int batch)
    {
        Window w = Layer.Sliding;
        return $"conv {batch} {Input.C} {Input.H} {Input.W} {Layer.Weight.Extents[0]} {w.Kernel.Y} {w.Kernel.X} {w.Stride.Y} {w.Stride.X} " +
            $"{w.Pads.Top} {w.Pads.Left} {w.Pads.Bottom} {w.Pads.Right} {Layer.Groups}";
    }
}
