using Preimage.Algorithms.Backtracking;
using Preimage.Layers;

namespace Preimage.Algorithms.Tests.Backtracking;

/// <summary>Sets of units: joins, drawing, suppression, files.</summary>
public sealed class UnitSetTests
{
    static readonly Shape s_shape = new(1, 3, 5, 7);

    static UnitSet A => UnitSet.Of("pool", s_shape, 0, 1, 63, 64, 104);

    static UnitSet B => UnitSet.Of("pool", s_shape, 104, 1, 2, 1);

    [Fact]
    public void Joins_AreThoseOfSets()
    {
        Assert.Equal((5, 3, 105), (A.Count, B.Count, A.Units));
        Assert.Equal([1, 104], A.And(B).ToIndices());
        Assert.Equal([0, 63, 64], A.Except(B).ToIndices());
        Assert.Equal([0, 1, 2, 63, 64, 104], A.Or(B).ToIndices());
        Assert.True(A.Contains(63) && !A.Contains(62));
        Assert.Equal(A, UnitSet.Of("pool", s_shape.WithSamples(4), 104, 64, 63, 1, 0));
        Assert.NotEqual(A, B);
    }

    [Fact]
    public void Above_TakesWhatIsStrictlyAbove() =>
        Assert.Equal([1, 3], UnitSet.Above("x", new Shape(1, 4), [0, 1, -1, 2]).ToIndices());

    [Fact]
    public void Suppress_SetsItsUnitsToZero()
    {
        float[] values = [.. Enumerable.Range(1, 105).Select(i => (float)i)];
        A.Suppress(values);
        Assert.Equal(A.ToIndices(), Enumerable.Range(0, 105).Where(i => values[i] == 0));
    }

    [Fact]
    public void Draw_TakesThatManyOfItsOwn()
    {
        UnitSet all = UnitSet.Of("pool", s_shape, [.. Enumerable.Range(0, 90)]);
        var seen = new int[105];
        for (ulong seed = 0; seed < 200; seed++)
        {
            UnitSet drawn = all.Draw(30, seed);
            Assert.Equal(drawn, all.Draw(30, seed));
            Assert.Equal((30, 0), (drawn.Count, drawn.Except(all).Count));
            foreach (int unit in drawn.ToIndices())
                seen[unit]++;
        }

        // 200 draws of a third: 66.7 times each, deviation 6.7.
        Assert.All(seen.Take(90), times => Assert.InRange(times, 35, 100));
        Assert.Equal(all, all.Draw(90, 1));
        Assert.Equal(0, all.Draw(0, 1).Count);
        Assert.Contains("0 to 90", Assert.Throws<PreimageException>(() => all.Draw(91, 1)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void File_HoldsTheSet()
    {
        string path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.npy");
        try
        {
            A.Save(path);
            Assert.Equal(A, UnitSet.Load(path, "pool"));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Misfits_AreRefused()
    {
        Assert.Contains("0 to 104", Assert.Throws<PreimageException>(() => UnitSet.Of("pool", s_shape, 105)).Message, StringComparison.Ordinal);
        Assert.Contains("'fc'", Assert.Throws<PreimageException>(() => A.And(UnitSet.Of("fc", s_shape))).Message, StringComparison.Ordinal);
        Assert.Throws<PreimageException>(() => A.Or(UnitSet.Of("pool", new Shape(1, 105))));
        Assert.Throws<PreimageException>(() => A.Suppress(new float[104]));
        Assert.Throws<ArgumentOutOfRangeException>(() => A.Contains(105));
    }
}
