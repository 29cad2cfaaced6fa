using Preimage.Algorithms.Attribution;
using Preimage.Algorithms.Experiments;
using Preimage.Algorithms.Imaging;
using Preimage.Layers;

namespace Preimage.Algorithms.Tests.Experiments;

/// <summary>The theorems of Nie, Zhang and Patel (2018) that the demonstration rests on.</summary>
public sealed class PictureRecoveryTests
{
    const int Side = 48;

    static readonly Picture s_house = DrawnPicture.House(Side, Side);

    [Fact]
    public void House_IsTheSceneItSays()
    {
        Assert.Equal([255, 235, 115], Pixel(8, 8));    // the sun
        Assert.True(Pixel(30, 2)[2] > Pixel(30, 2)[0]); // blue sky
        Assert.True(Pixel(4, 46)[1] > Pixel(4, 46)[0]); // green grass
        Assert.Equal(DrawnPicture.House(Side, Side).Pixels, s_house.Pixels);
    }

    [Fact]
    public void DeconvNet_DoesNotSeeThePictureUnlessThereIsPooling()
    {
        Picture other = new(Side, Side, 3, [.. s_house.Pixels.ToArray().Reverse()]);
        var random = new RandomNetworks(seed: 3);
        foreach (bool pooled in new[] { false, true })
        {
            using Network network = random.ThreeLayer(Side, Side, filters: 16, pool: pooled ? RandomNetworks.MaxPool9 : null);
            using Engine engine = network.On(Device.Cpu);
            float[] first = Map(engine, s_house), second = Map(engine, other);
            Assert.Equal(!pooled, first.SequenceEqual(second));
        }

        static float[] Map(Engine engine, Picture picture) =>
            new DeconvNet(engine).Attribute(Preprocessing.Unit.Apply(picture, engine.Network.Input), Target.Class(0)).Row(0).ToArray();
    }

    [Fact]
    public void Guided_RecoversThePictureAndSaliencyDoesNot()
    {
        IReadOnlyList<RecoveredPicture> results = PictureRecovery.Run(s_house, seed: 0, Device.Cpu, TestContext.Current.CancellationToken);
        Assert.Equal(["saliency", "deconvnet", "guided", "saliency", "deconvnet", "guided"], results.Select(r => r.Result.Method));
        Assert.True(results[2].Correlation > 0.5, $"guided {results[2].Correlation:F3}");
        Assert.InRange(results[0].Correlation, -0.15, 0.15);
        Assert.True(results[4].Correlation > results[1].Correlation, "pooling lets DeconvNet see");
    }

    [Fact]
    public void Networks_OfOneSeedShareWeightsAndOfAnotherDoNot()
    {
        float[] Weights(RandomNetworks random)
        {
            using Network network = random.ThreeLayer(16, 16, filters: 4);
            return network.Nodes["conv"].Layer.Weights[0].Value.ToArray();
        }

        Assert.Equal(Weights(new RandomNetworks(7)), Weights(new RandomNetworks(7)));
        Assert.NotEqual(Weights(new RandomNetworks(7)), Weights(new RandomNetworks(8)));
        // Cut at two standard deviations of 0.1.
        Assert.All(Weights(new RandomNetworks(7)), w => Assert.InRange(w, -0.2f, 0.2f));
    }

    [Fact]
    public void Summary_CountsWhatTheLayersCost()
    {
        using Network network = new RandomNetworks().ThreeLayer(16, 24, filters: 4, pool: RandomNetworks.MaxPool2);
        Dictionary<string, NodeSummary> nodes = NodeSummary.Of(network).ToDictionary(s => s.Node.Name);
        Assert.Equal(4 * 3 * 49, nodes["conv"].Parameters);
        Assert.Equal(8L * 12 * 4 * 3 * 49, nodes["conv"].MultiplyAdds);
        Assert.Equal("1x4x4x6", nodes["pool"].Shape.ToString());
        Assert.Equal(10L * 4 * 4 * 6, nodes["logits"].MultiplyAdds);
        Assert.Equal((9, 9), nodes["pool"].Field!.Value.Size);
        Assert.Equal((4, 4), nodes["pool"].Field!.Value.Stride);
    }

    static byte[] Pixel(int x, int y) => [s_house[x, y, 0], s_house[x, y, 1], s_house[x, y, 2]];
}
