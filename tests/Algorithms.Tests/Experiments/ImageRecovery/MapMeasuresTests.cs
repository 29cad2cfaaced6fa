using Preimage.Algorithms.Experiments.ImageRecovery;
using Preimage.Algorithms.Imaging;

namespace Preimage.Algorithms.Tests.Experiments.ImageRecovery;

/// <summary>Filtering, sharpness and edges of maps made by hand.</summary>
public sealed class MapMeasuresTests
{
    [Fact]
    public void Magnitudes_AreTheLargestOfTheChannels() => Assert.Equal([3f, 2, 0.5f, 4], MapMeasures.Magnitudes([1, -2, 0.5f, 0, -3, 1, 0, 4], 2));

    [Fact]
    public void Filtered_CountsPixelsBelowATwentieth()
    {
        // The largest is 10: 0.49 and 0 are below 0.5, 0.5 is not.
        Assert.Equal(0.5, MapMeasures.Filtered([0.49f, -10, 0, 0.5f], 1));
        Assert.True(double.IsNaN(MapMeasures.Filtered([0, 0], 1)));
    }

    [Theory]
    [InlineData(16, 16)]
    [InlineData(12, 15)]
    public void Fine_IsTheShareOfTheHighWaves(int height, int width)
    {
        Assert.Equal(0, MapMeasures.Fine(Wave(height, width, 2, 1), 1, height, width), 9);
        Assert.Equal(1, MapMeasures.Fine(Wave(height, width, 6, 1), 1, height, width), 9);
        // Waves of amplitudes 2 and 1 have energies 4 to 1; a constant counts for nothing.
        float[] both = [.. Wave(height, width, 2, 2).Zip(Wave(height, width, 6, 1), (a, b) => a + b + 7)];
        Assert.Equal(0.2, MapMeasures.Fine(both, 1, height, width), 6);
        // Energies of channels add up.
        Assert.Equal(0.5, MapMeasures.Fine([.. Wave(height, width, 2, 1), .. Wave(height, width, 6, 1)], 2, height, width), 6);
    }

    [Fact]
    public void Fine_GoesByTheLengthOfTheFrequency()
    {
        // 3/16 down and 3/16 across are 0.265 cycles per pixel together, each alone is below a quarter.
        var map = new float[16 * 16];
        for (int i = 0; i < map.Length; i++)
            map[i] = (float)Math.Cos(2 * Math.PI * 3 * (i / 16 + i % 16) / 16);
        Assert.Equal(1, MapMeasures.Fine(map, 1, 16, 16), 9);
        Assert.True(double.IsNaN(MapMeasures.Fine(new float[64], 1, 8, 8)));
    }

    [Fact]
    public void Edges_OfAStepAreFourTimesItsHeight()
    {
        var pixels = new byte[5 * 4];
        for (int i = 0; i < pixels.Length; i++)
            pixels[i] = (byte)(i % 5 < 2 ? 10 : 60);
        float[] edges = MapMeasures.Edges(new Picture(5, 4, 1, pixels));
        for (int i = 0; i < edges.Length; i++)
            Assert.Equal(i % 5 is 1 or 2 ? 200 : 0, edges[i]);
    }

    static float[] Wave(int height, int width, int cycles, float amplitude) =>
        [.. Enumerable.Range(0, height * width).Select(i => amplitude * (float)Math.Cos(2 * Math.PI * cycles * (i % width) / width))];
}
