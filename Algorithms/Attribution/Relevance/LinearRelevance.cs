using System.Numerics.Tensors;
using Preimage.Layers;

namespace Preimage.Algorithms.Attribution.Relevance;

/// <summary>Shares the relevance of one layer's outputs among its inputs by a rule, group by group: z = sum of the terms forward, s = R / (z + eps sign z),
/// R_i = sum over terms of x_i (W' s)_i.</summary>
internal sealed class LinearRelevance
{
    /// <summary>The own operator of the node, whose output the forward pass kept.</summary>
    const int Own = -1;

    readonly RelevanceRule _rule;
    readonly EffectiveLayer _layer;
    readonly RelevanceGroup[] _groups;
    readonly List<(WeightPart Weights, WeightPart Bias)> _variants = [];

    public LinearRelevance(RelevanceRule rule, EffectiveLayer layer)
    {
        (_rule, _layer, _groups) = (rule, layer, [.. rule.Groups]);
        foreach (RelevanceTerm term in _groups.SelectMany(g => g.Terms))
            Add(term.Weights, term.Bias);
        if (_groups.Any(g => g.Outputs != SharingOutputs.All))
            Add(WeightPart.All, WeightPart.All);

        void Add(WeightPart weights, WeightPart bias)
        {
            if (!_variants.Contains((weights, bias)))
                _variants.Add((weights, bias));
        }
    }

    /// <summary>The layer of a number.</summary>
    public Layer? Variant(int variant) => variant < _variants.Count ? _layer.With(_variants[variant].Weights, _variants[variant].Bias) : null;

    public void Run(in NodeBackward call)
    {
        Shape from = call.OutputShape, to = call.InputShape(0);
        using Rented signal = new(call.SignalShape.Count), x = new(to.Count), result = new(to.Count * call.Seeds), part = new(to.Count), back = new(to.Count * call.Seeds);
        using Rented shares = new(call.SignalShape.Count), divisors = new(from.Count), z = new(from.Count);
        call.ReadSignal(signal.Span);
        call.ReadInput(0, x.Span);
        // From +0 on: adding a term that is zero for one sample changes no bit of it, so that it does not matter who else is in the batch.
        result.Span.Clear();
        foreach (RelevanceGroup group in _groups)
        {
            divisors.Span.Clear();
            foreach (RelevanceTerm term in group.Terms)
            {
                if (!Take(term, x.Span, to, part.Span))
                    continue;
                Forward(call, Number(term), term.Input == InputPart.All, part.Span, z.Span);
                TensorPrimitives.MultiplyAdd(z.Span, term.Factor, divisors.Span, divisors.Span);
            }

            Stabilise(divisors.Span);
            if (group.Outputs != SharingOutputs.All)
            {
                Forward(call, Number(WeightPart.All, WeightPart.All), true, x.Span, z.Span);
                Mask(divisors.Span, z.Span, group.Outputs);
            }

            Rows.Divide(signal.Span, divisors.Span, from.N, call.Seeds, shares.Span);
            foreach (RelevanceTerm term in group.Terms)
            {
                if (!Take(term, x.Span, to, part.Span))
                    continue;
                Propagate(call, Number(term), shares.Span, back.Span);
                Rows.AddProduct(back.Span, part.Span, group.Factor * term.Factor, to.N, call.Seeds, result.Span);
            }
        }

        call.WriteInputSignal(0, result.Span);
    }

    int Number(RelevanceTerm term) => Number(term.Weights, term.Bias);

    int Number(WeightPart weights, WeightPart bias) =>
        weights == WeightPart.All && bias == WeightPart.All && _layer.Norm is null ? Own : _variants.IndexOf((weights, bias));

    static void Forward(in NodeBackward call, int variant, bool isOwnInput, ReadOnlySpan<float> x, Span<float> z)
    {
        if (variant == Own && isOwnInput)
            call.ReadOutput(z);
        else
            call.Forward(variant, x, z);
    }

    static void Propagate(in NodeBackward call, int variant, ReadOnlySpan<float> shares, Span<float> back)
    {
        if (variant != Own)
        {
            call.Propagate(variant, shares, back);
            return;
        }

        call.Propagate(shares);
        call.ReadInputSignal(0, back);
    }

    /// <summary>The inputs of a term; false where they are all zero and there is nothing to add.</summary>
    static bool Take(RelevanceTerm term, ReadOnlySpan<float> x, Shape shape, Span<float> part)
    {
        switch (term.Input)
        {
            case InputPart.All:
                x.CopyTo(part);
                return true;
            case InputPart.Positive:
                TensorPrimitives.Max(x, 0f, part);
                return true;
            case InputPart.Negative:
                if (TensorPrimitives.Min(x) >= 0)
                    return false;
                TensorPrimitives.Min(x, 0f, part);
                return true;
            default:
                Fill(term.Values, shape, part);
                return true;
        }
    }

    static void Fill(IReadOnlyList<float> values, Shape shape, Span<float> part)
    {
        if (values.Count == 1)
        {
            part.Fill(values[0]);
            return;
        }

        if (values.Count != shape.C)
            throw new PreimageException($"the rule has values for {values.Count} channels, the layer's input ({shape}) has {shape.C}");
        int plane = shape.H * shape.W;
        for (int i = 0; i < shape.N * shape.C; i++)
            part.Slice(i * plane, plane).Fill(values[i % shape.C]);
    }

    /// <summary>z + eps sign z, sign 0 = +1; what is zero nevertheless shares out nothing.</summary>
    void Stabilise(Span<float> z)
    {
        float epsilon = _rule.Epsilon;
        for (int i = 0; i < z.Length; i++)
        {
            float moved = z[i] >= 0 ? z[i] + epsilon : z[i] - epsilon;
            z[i] = moved == 0 ? float.PositiveInfinity : moved;
        }
    }

    static void Mask(Span<float> divisors, ReadOnlySpan<float> outputs, SharingOutputs sharing)
    {
        for (int i = 0; i < divisors.Length; i++)
        {
            if (sharing == SharingOutputs.Positive ? outputs[i] <= 0 : outputs[i] >= 0)
                divisors[i] = float.PositiveInfinity;
        }
    }
}
