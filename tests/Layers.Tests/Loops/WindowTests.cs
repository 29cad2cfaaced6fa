using Preimage.Layers.Loops;
using Preimage.Tests.Shared;
using Preimage.Tests.Shared.Oracles;

namespace Preimage.Layers.Tests.Loops;

/// <summary>Crops and warps: what they read, and that their ways back are adjoints.</summary>
public sealed class WindowTests
{
    [Theory]
    [InlineData(1, 1, 9, 8, 5, 3)]
    [InlineData(2, 3, 20, 40, 18, 33)]
    [InlineData(1, 7, 6, 6, 6, 6)]
    public void Crops_follow_the_table(int n, int c, int canvasH, int canvasW, int h, int w)
    {
        using var bench = new ArrayBench();
        Shape outer = new(n, c, canvasH, canvasW), inner = new(n, c, h, w);
        int[] table = [0, 0, canvasH - h, canvasW - w, (canvasH - h) / 2, canvasW - w];
        float[] x = Draw.Normal(1, outer.Count), y = Draw.Normal(2, inner.Count);
        DeviceArray<float> canvas = bench.Array(outer, x), crop = bench.Array(inner), signal = bench.Array(inner, y), back = bench.Array(outer);
        DeviceArray<int> offsets = bench.Loop.Allocate<int>(new Shape(table.Length), table);
        for (int i = 0; i < table.Length / 2; i++)
        {
            bench.Arrays.Fill(back, float.NaN);
            bench.Loop.Repeat(() =>
            {
                bench.Arrays.Crop(canvas, crop, offsets);
                bench.Arrays.CropBackward(signal, back, offsets);
            }, 1, TestContext.Current.CancellationToken);
            float[] cut = crop.ToArray(), spread = back.ToArray();
            for (int at = 0; at < cut.Length; at++)
            {
                int u = at % w, v = at / w % h, plane = at / w / h, from = (plane * canvasH + v + table[2 * i]) * canvasW + u + table[2 * i + 1];
                Assert.Equal((x[from], y[at]), (cut[at], spread[from]));
                spread[from] = 0;
            }

            // And +0 everywhere else.
            Agreement.SameBits(new float[spread.Length], spread, "around the window");
        }
    }

    static readonly float[][] s_maps =
    [
        [1, 0, 0, 0, 1, 0], [1, 0, 0.25f, 0, 1, -0.75f], [0.9f, 0.3f, -1, -0.3f, 0.9f, 2], [1.7f, 0, -3, 0, 1.6f, -2],
        [0.4f, 0, 1, 0, 0.3f, 2], [0, 1, 0, -1, 0, 10], [1, 0, 100, 0, 1, 0], [1, 0, -1, 0, 1, -1],
    ];

    public static TheoryData<int> Maps => [.. Enumerable.Range(0, s_maps.Length)];

    [Theory]
    [MemberData(nameof(Maps))]
    public void Warps_are_what_doubles_give_and_their_ways_back_adjoint(int which)
    {
        float[] map = s_maps[which], second = [0.5f, 0, 0.25f, 0, 2, -0.5f];
        foreach ((int n, int c, int h, int w, int outH, int outW) in ((int, int, int, int, int, int)[])[(1, 1, 11, 12, 11, 12), (2, 3, 7, 9, 12, 5), (1, 7, 1, 6, 8, 8)])
        {
            using var bench = new ArrayBench();
            Shape from = new(n, c, h, w), to = new(n, c, outH, outW);
            float[] values = Draw.Normal(1, from.Count), signals = Draw.Normal(2, to.Count);
            DeviceArray<float> x = bench.Array(from, values), y = bench.Array(to), signal = bench.Array(to, signals), back = bench.Array(from);
            DeviceArray<float> maps = bench.Array(new Shape(12), [.. map, .. second]);
            bench.Arrays.Fill(back, float.NaN);
            bench.Arrays.Warp(x, maps, y);
            bench.Arrays.WarpBackward(signal, maps, back);
            OracleArray expected = ImageOracle.Warp(OracleArray.From(from, values), outH, outW, map);
            // A float near 10 tells places to half a millionth, which neighbours' differences multiply.
            Agreement.Close(expected.Values, y.ToArray(), 3e-6, string.Join(", ", map));
            double there = 0, here = 0;
            float[] result = y.ToArray(), returned = back.ToArray();
            for (int i = 0; i < result.Length; i++) there += (double)result[i] * signals[i];
            for (int i = 0; i < returned.Length; i++) here += (double)returned[i] * values[i];
            Assert.InRange(Math.Abs(there - here), 0, 1e-5 * Math.Sqrt(result.Length));

            // The next iteration's map is the next entry.
            bench.Loop.Repeat(() => bench.Arrays.Fill(y, 0), 1, TestContext.Current.CancellationToken);
            bench.Arrays.Warp(x, maps, y);
            Agreement.Close(ImageOracle.Warp(OracleArray.From(from, values), outH, outW, second).Values, y.ToArray(), 3e-6, "the next entry");
        }
    }

    [Fact]
    public void What_does_not_fit_is_named()
    {
        using var bench = new ArrayBench();
        DeviceArray<float> canvas = bench.Array(new Shape(1, 3, 8, 8)), crop = bench.Array(new Shape(1, 3, 6, 7)), grey = bench.Array(new Shape(1, 1, 6, 7)), maps = bench.Array(new Shape(7));
        DeviceArray<int> outside = bench.Loop.Allocate<int>(new Shape(2), [1, 2]), odd = bench.Loop.Allocate<int>(new Shape(3)), none = bench.Loop.Allocate<int>(new Shape(2), [-1, 0]);
        Refused("Crop: a crop of 1x3x8x8 does not fit into a canvas of 1x3x6x7", () => bench.Arrays.Crop(crop, canvas, outside));
        Refused("CropBackward: the canvas of 1x3x8x8 and the crop of 1x1x6x7 differ in rows or channels", () => bench.Arrays.CropBackward(grey, canvas, outside));
        Refused("Crop: offsets has 3 numbers, not 2 for each iteration", () => bench.Arrays.Crop(canvas, crop, odd));
        Refused("Crop: the offset of iteration 0 is (1, 2), where a crop of 1x3x6x7 in 1x3x8x8 leaves 0 to 2 and 0 to 1", () => bench.Arrays.Crop(canvas, crop, outside));
        Refused("Crop: the offset of iteration 0 is (-1, 0)", () => bench.Arrays.Crop(canvas, crop, none));
        Refused("Warp: transforms has 7 numbers, not 6", () => bench.Arrays.Warp(canvas, maps, crop));
        Refused("WarpBackward: x of 1x3x8x8 and y of 1x1x6x7", () => bench.Arrays.WarpBackward(grey, maps, canvas));

        static void Refused(string message, Action call) => Assert.Contains(message, Assert.ThrowsAny<PreimageException>(call).Message, StringComparison.Ordinal);
    }
}
