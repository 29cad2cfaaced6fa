namespace Preimage.Layers.Resampling;

/// <summary>Collects the rows of a table: sorts taps, joins repeated ones, drops zeros.</summary>
internal sealed class TableBuilder(int outputLength)
{
    readonly int[] _starts = new int[outputLength + 1];
    readonly List<int> _indices = [];
    readonly List<double> _weights = [];
    readonly SortedDictionary<int, double> _row = [];
    int _rows;

    public int[] Starts => _starts;

    public int[] Indices => [.. _indices];

    public double[] Weights => [.. _weights];

    public void Add(int index, double weight)
    {
        _row.TryGetValue(index, out double sum);
        _row[index] = sum + weight;
    }

    /// <summary>Closes the row; with <paramref name="normalise"/> its weights are divided by their sum.</summary>
    public void EndRow(bool normalise)
    {
        double sum = 0;
        foreach (double weight in _row.Values) sum += weight;
        double divisor = normalise && sum != 0 ? sum : 1;
        foreach (var (index, weight) in _row)
        {
            if (weight == 0) continue;
            _indices.Add(index);
            _weights.Add(weight / divisor);
        }
        _row.Clear();
        _starts[++_rows] = _indices.Count;
    }
}
