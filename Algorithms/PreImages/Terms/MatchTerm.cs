using Preimage.Layers;
using Preimage.Layers.Loops;

namespace Preimage.Algorithms.PreImages.Terms;

/// <summary>weight * sum M (F - F0)^2 / sum (M F0)^2, row by row (reference specification 6.1).</summary>
internal sealed class MatchTerm : ITerm
{
    readonly TermPlace _place;
    readonly DeviceArray<float> _target, _difference;
    // M over the row's denominator, and its root; absent where one factor serves all units and rows.
    readonly DeviceArray<float>? _mask, _rootOfMask;
    readonly double _factor;

    public MatchTerm(TermPlace place, double weight, float[] target, FeatureMask? mask)
    {
        _place = place;
        Name = $"match {place.Name}";
        ReadOnlySpan<float> own = place.RowsOf(target, "a representation");
        Shape shape = place.Shape.WithSamples(own.Length / place.Shape.SampleCount);
        _target = place.Loop.Allocate(shape, own);
        _difference = place.Scratch();
        float[]? weights = mask?.For(place.Shape, place.Name);
        if (weights is null && shape.N == 1)
        {
            _factor = weight / SquaredNorm(own, null);
            return;
        }

        var scaled = new float[shape.Count];
        for (int row = 0; row < shape.N; row++)
        {
            int first = row * shape.SampleCount;
            double norm = SquaredNorm(own.Slice(first, shape.SampleCount), weights);
            for (int i = 0; i < shape.SampleCount; i++)
                scaled[first + i] = (float)((weights is null ? 1 : weights[i]) / norm);
        }

        _factor = weight;
        _mask = place.Loop.Allocate<float>(shape, scaled);
        _rootOfMask = place.Loop.Allocate<float>(shape, Array.ConvertAll(scaled, MathF.Sqrt));
    }

    public string Name { get; }

    public void Run()
    {
        IArrayOperators on = _place.Arrays;
        on.Residual(_place.Value, _target, _rootOfMask, 1, _difference);
        on.Dot(_difference, _difference, _factor, _place.Energies, _place.First);
        if (_mask is not null)
            on.Residual(_place.Value, _target, _mask, 1, _difference);
        on.Add(_difference, _place.Signal, (float)(2 * _factor));
    }

    double SquaredNorm(ReadOnlySpan<float> target, float[]? mask)
    {
        double sum = 0;
        for (int i = 0; i < target.Length; i++)
        {
            double value = (double)target[i] * (mask is null ? 1 : mask[i]);
            sum += value * value;
        }

        if (!(sum > 0) || !double.IsFinite(sum))
            throw new PreimageException($"the representation at node '{_place.Name}' has the squared norm {sum} where it counts: nothing can be measured against it");
        return sum;
    }
}
