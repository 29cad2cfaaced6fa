using System.Buffers;
using System.Numerics.Tensors;
using Preimage.Layers;
using Preimage.Layers.Kinds;

namespace Preimage.Algorithms.Backtracking;

/// <summary>What the mirrored network does at convolutions and rectifiers, said as a backward rule: switches, devices and batches are the plan's business.</summary>
internal sealed class MirrorRule : INodeRule
{
    readonly MirrorOptions _options;
    readonly Dictionary<Node, float[]?> _biases;

    /// <summary>Makes the rule of a chain.</summary>
    /// <param name="nodes">The nodes of the chain, the last one first.</param>
    /// <param name="options">What is added.</param>
    public MirrorRule(IReadOnlyList<Node> nodes, MirrorOptions options)
    {
        _options = options;
        Node[] convolutions = [.. nodes.Where(n => n.Layer is Convolution)];
        _biases = convolutions.Select((n, i) => (n, i)).ToDictionary(
            p => p.n, p => options.AddBias && p.i + 1 < convolutions.Length ? ((Convolution)convolutions[p.i + 1].Layer).Bias?.ToArray() : null);
    }

    /// <inheritdoc/>
    public bool AppliesTo(Node node) => node.Layer is Relu ? !_options.RectifyBetween : _biases.ContainsKey(node);

    /// <inheritdoc/>
    public void Backward(in NodeBackward call)
    {
        float[] signal = ArrayPool<float>.Shared.Rent(call.SignalShape.Count);
        Span<float> top = signal.AsSpan(0, call.SignalShape.Count);
        call.ReadSignal(top);
        if (call.Node.Layer is Relu)
            call.WriteInputSignal(0, top);
        else
            Convolution(call, top);
        ArrayPool<float>.Shared.Return(signal);
    }

    void Convolution(in NodeBackward call, ReadOnlySpan<float> top)
    {
        call.Propagate(top);
        float[]? bias = _biases[call.Node];
        if (bias is null && !_options.ReluAfterDeconvolution)
            return;
        Shape input = call.InputShape(0);
        int count = input.SampleCount * call.SignalShape.N, plane = input.H * input.W;
        float[] rented = ArrayPool<float>.Shared.Rent(count);
        Span<float> bottom = rented.AsSpan(0, count);
        call.ReadInputSignal(0, bottom);
        for (int i = 0; bias is not null && i < count / plane; i++)
        {
            Span<float> own = bottom.Slice(i * plane, plane);
            TensorPrimitives.Add(own, bias[i % input.C], own);
        }

        if (_options.ReluAfterDeconvolution)
            TensorPrimitives.Max(bottom, 0f, bottom);
        call.WriteInputSignal(0, bottom);
        ArrayPool<float>.Shared.Return(rented);
    }
}
