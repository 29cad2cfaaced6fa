using Preimage.Layers;
using Preimage.Layers.Loops;

namespace Preimage.Algorithms.PreImages.Terms;

/// <summary>weight * the mean over the other rows of the cosine between Gram matrices, row by row.</summary>
internal sealed class DiversityTerm : ITerm
{
    readonly TermPlace _place;
    readonly GramMatrices _gram;
    readonly DeviceArray<float> _unit, _sum, _others, _ones;
    // 1 / |G| of every row, and what its unit matrix has of the sum of the others'.
    readonly DeviceArray<double> _norms, _cosines;
    readonly int _rows;
    readonly double _factor;

    public DiversityTerm(TermPlace place, double weight)
    {
        _rows = place.Shape.N;
        if (place.Shape.Rank != 4)
            throw new PreimageException($"node '{place.Name}' ({place.Shape}) has no channels over places, whose diversity could be measured");
        if (_rows < 2 || _rows != place.AllRows)
            throw new PreimageException($"diversity at node '{place.Name}' is that of restarts which run together: {_rows} of {place.AllRows} do, all of at least 2 must (PreImageOptions.Restarts, AtOnce)");
        (_place, _factor) = (place, weight / (_rows - 1));
        _gram = new GramMatrices(place);
        Shape shape = _gram.Values.Shape;
        _unit = place.Loop.Allocate<float>(shape);
        _others = place.Loop.Allocate<float>(shape);
        _sum = place.Loop.Allocate<float>(shape.WithSamples(1));
        _ones = place.Loop.Allocate<float>(new Shape(_rows), Enumerable.Repeat(1f, _rows).ToArray());
        _norms = place.Loop.Allocate<double>(new Shape(_rows));
        _cosines = place.Loop.Allocate<double>(new Shape(_rows));
    }

    public string Name => $"diversity {_place.Name}";

    public void Run()
    {
        IArrayOperators on = _place.Arrays;
        _gram.Run();
        on.Dot(_gram.Values, _gram.Values, 1, _norms, 0);
        on.InverseRoots(_norms);
        ScaleRows(_gram.Values, _norms, _unit);
        on.Product(1, _sum.Count, _rows, _ones, false, _unit, false, 1, 0, _sum);
        on.Residual(_unit, _sum, null, -1, _others);
        on.Dot(_unit, _others, _factor, _place.Energies, _place.First);

        // Each pair is in the energies of both its rows; of the sum of the others only what is orthogonal to G turns it.
        on.Dot(_unit, _others, 1, _cosines, 0);
        on.AddScaledRows(_unit, _cosines, 0, -1, _others);
        ScaleRows(_others, _norms, _unit);
        _gram.AddDerivative(_unit, 2 * _factor);
    }

    void ScaleRows(DeviceArray<float> x, DeviceArray<double> factors, DeviceArray<float> y)
    {
        _place.Arrays.Fill(y, 0);
        _place.Arrays.AddScaledRows(x, factors, 0, 1, y);
    }
}
