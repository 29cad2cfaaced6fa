namespace Preimage.Cpu.Blocked;

/// <summary>A stretch of grid points that one tile computes.</summary>
/// <param name="Start">The first column.</param>
/// <param name="Count">Columns.</param>
/// <param name="Paired">Whether the tile takes the same columns of the next row along, as its second half.</param>
internal readonly record struct TileRun(int Start, int Count, bool Paired);

/// <summary>How one row of grid points, or two rows at a time, are cut into tiles.</summary>
/// <remarks>
/// A tile has an even number of rows, so a stretch of an odd number of points wastes one; a pair of stretches in two rows wastes none. Rows of
/// 13 are cut into pairs of 7 and 6, rows of 27 into 14 and the same pairs. The leading full tiles are counted, not listed: a plane that is
/// one long row has thousands.
/// </remarks>
internal sealed class DirectRuns
{
    /// <summary>What a tile costs beside its rows, in rows: its call, and filters fetched for fewer of them.</summary>
    const float Overhead = 1;

    /// <summary>Below so many rows the chains of multiply-adds are too few to hide their latency.</summary>
    const int LeastRows = 4;

    readonly int _most, _full;
    readonly TileRun[] _tail;

    /// <summary>Cuts rows of that many points.</summary>
    /// <param name="width">Lanes of a vector.</param>
    /// <param name="columns">Points of a row.</param>
    /// <param name="twoRows">Whether two rows go together.</param>
    public DirectRuns(int width, int columns, bool twoRows)
    {
        _most = ChannelGroups.MostRows(width);
        _full = Math.Max(columns / _most - 2, 0);
        int start = _full * _most, rest = columns - start;
        var cost = new float[rest + 1];
        var last = new TileRun[rest + 1];
        for (int end = 1; end <= rest; end++)
        {
            cost[end] = float.PositiveInfinity;
            for (int count = Math.Min(end, _most); count > 0; count--)
            {
                Try(count, false, Math.Max((count + 1) / 2 * 2, LeastRows) + Overhead);
                if (twoRows && 2 * count <= _most)
                    Try(count, true, (Math.Max(2 * count, LeastRows) + Overhead) / 2);
            }

            void Try(int count, bool paired, float more)
            {
                if (cost[end - count] + more >= cost[end])
                    return;
                cost[end] = cost[end - count] + more;
                last[end] = new TileRun(start + end - count, count, paired);
            }
        }

        var tail = new Stack<TileRun>();
        for (int end = rest; end > 0; end = last[end].Start - start)
            tail.Push(last[end]);
        _tail = [.. tail];
        HasPairs = _tail.Any(run => run.Paired);
    }

    /// <summary>How many stretches there are.</summary>
    public int Count => _full + _tail.Length;

    public bool HasPairs { get; }

    public TileRun this[int index] => index < _full ? new(index * _most, _most, false) : _tail[index - _full];
}
