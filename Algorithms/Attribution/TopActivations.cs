using System.Numerics.Tensors;
using Preimage.Algorithms.Imaging;
using Preimage.Layers;

namespace Preimage.Algorithms.Attribution;

/// <summary>Finds the pictures that excite the feature maps of a node most (Zeiler and Fergus 2013, figure 2).</summary>
/// <remarks>Pictures stream by: only the best of each map are remembered, by name.</remarks>
/// <param name="engine">The network on a device.</param>
public sealed class TopActivations(Engine engine)
{
    /// <summary>Pictures run together; the numbers do not depend on it.</summary>
    public int Batch { get; init; } = 8;

    /// <summary>Looks through pictures.</summary>
    /// <param name="node">The node's name.</param>
    /// <param name="pictures">The pictures, taken one by one as they are needed.</param>
    /// <param name="count">k: maxima kept per feature map.</param>
    /// <param name="channels">The feature maps wanted, or null for all.</param>
    /// <param name="progress">Told the number of pictures done.</param>
    /// <param name="cancellation">Stops the work between operators.</param>
    /// <returns>An entry per feature map, in the order asked for.</returns>
    /// <exception cref="PreimageException">There is no such node or feature map, a picture does not fit, or an activation is NaN.</exception>
    public IReadOnlyList<UnitMaxima> Search(
        string node, IEnumerable<PreparedInput> pictures, int count = 9, IReadOnlyList<int>? channels = null,
        IProgress<int>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(pictures);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        Network network = engine.Network;
        Node at = network.Nodes[node];
        Shape shape = network.InferShapes()[at.Index];
        channels ??= [.. Enumerable.Range(0, shape.C)];
        foreach (int channel in channels)
        {
            if ((uint)channel >= (uint)shape.C)
                throw new PreimageException($"node '{at.Name}' ({shape}) has feature maps 0 to {shape.C - 1}, not {channel}");
        }

        if (network.MixesSamples && network.InputShape.N != 1)
            throw new PreimageException($"the network is fixed to {network.InputShape.N} samples at a time, pictures come one by one");

        var best = channels.Select(_ => new List<UnitMaximum>()).ToArray();
        ReceptiveField? field = ReceptiveField.Of(network)[at.Index];
        int done = 0;
        foreach (PreparedInput[] group in pictures.Chunk(network.MixesSamples ? 1 : Batch))
        {
            float[] values = Run(at, group, cancellation);
            for (int n = 0; n < group.Length; n++)
            {
                for (int i = 0; i < best.Length; i++)
                {
                    int plane = shape.H * shape.W;
                    ReadOnlySpan<float> map = values.AsSpan(n * shape.SampleCount + channels[i] * plane, plane);
                    Remember(best[i], count, Maximum(map, at, shape, group[n], field));
                }
            }

            progress?.Report(done += group.Length);
        }

        return [.. channels.Select((c, i) => new UnitMaxima(c, best[i]))];
    }

    float[] Run(Node node, PreparedInput[] group, CancellationToken cancellation)
    {
        Node input = engine.Network.Input;
        using PlanLoan loan = engine.Rent(new PlanOptions
        {
            Observe = [node.Name],
            InputShapes = new Dictionary<string, Shape> { [input.Name] = engine.Network.InputShape.WithSamples(group.Length) },
        });
        var pixels = new float[group.Sum(p => p.Tensor.FlattenedLength)];
        int filled = 0;
        foreach (PreparedInput picture in group)
        {
            picture.Tensor.FlattenTo(pixels.AsSpan(filled));
            filled += (int)picture.Tensor.FlattenedLength;
        }

        loan.Plan.SetInput(input, pixels);
        loan.Plan.Forward(cancellation);
        var values = new float[loan.Plan.ShapeOf(node).Count];
        loan.Plan.Read(node, values);
        return values;
    }

    UnitMaximum Maximum(ReadOnlySpan<float> map, Node node, Shape shape, PreparedInput picture, ReceptiveField? field)
    {
        int unit = TensorPrimitives.IndexOfMax(map);
        if (float.IsNaN(map[unit]))
            throw new PreimageException($"node '{node.Name}' is NaN for '{picture.Source}'");
        (int y, int x) = (unit / shape.W, unit % shape.W);
        Shape input = engine.Network.InputShape;
        (int top, int left, int height, int width) = field?.Box(y, x) ?? (0, 0, input.H, input.W);
        return new UnitMaximum(picture.Source, map[unit], y, x, new InputBox(top, left, height, width));
    }

    static void Remember(List<UnitMaximum> best, int count, UnitMaximum found)
    {
        int place = best.FindIndex(b => b.Activation < found.Activation);
        if (place < 0)
            place = best.Count;
        if (place >= count)
            return;
        best.Insert(place, found);
        if (best.Count > count)
            best.RemoveAt(count);
    }
}
