using Preimage.Layers;

namespace Preimage.Tests.Shared.Oracles;

/// <summary>A layer's Jacobian by one input as an explicit matrix, from its forward loop alone, by differences in double.</summary>
/// <remarks>
/// Affine layers: (f(x+e) - f(x-e)) / 2 is the column itself, up to a rounding of double. Smooth layers: the five-point formula with
/// step 1e-3 leaves f'''''h^4/30, near 1e-13 of values near 1, and roundings of 1e-13.
/// </remarks>
internal sealed class OracleJacobian
{
    const double Step = 1e-3;

    /// <summary>[input element][output element]: the transposed matrix.</summary>
    readonly double[][] _rows;

    public OracleJacobian(Layer layer, Shape shape, OracleArray[] inputs, int input)
    {
        OracleArray moved = inputs[input] with { Values = [.. inputs[input].Values] };
        OracleArray[] arguments = [.. inputs];
        arguments[input] = moved;
        _rows = new double[moved.Values.Length][];
        for (int i = 0; i < _rows.Length; i++)
        {
            double at = moved.Values[i];
            _rows[i] = OracleForward.IsAffine(layer) ? Combine((0.5, 1), (-0.5, -1))
                : Combine((8 / (12 * Step), Step), (-8 / (12 * Step), -Step), (-1 / (12 * Step), 2 * Step), (1 / (12 * Step), -2 * Step));
            moved.Values[i] = at;

            double[] Combine(params ReadOnlySpan<(double Factor, double Offset)> points)
            {
                var row = new double[shape.Count];
                foreach ((double factor, double offset) in points)
                {
                    moved.Values[i] = at + offset;
                    double[] y = OracleForward.Run(layer, shape, arguments).Values;
                    for (int o = 0; o < row.Length; o++) row[o] += factor * y[o];
                }

                return row;
            }
        }
    }

    /// <summary>The transposed matrix times a signal at the output.</summary>
    public double[] Transposed(double[] signal) => Array.ConvertAll(_rows, row =>
    {
        double sum = 0;
        for (int o = 0; o < row.Length; o++) sum += row[o] * signal[o];
        return sum;
    });
}
