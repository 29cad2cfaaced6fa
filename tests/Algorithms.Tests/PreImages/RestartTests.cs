using Preimage.Algorithms.PreImages;
using Preimage.Layers;
using Preimage.Layers.Kinds;
using Preimage.Tests.Shared;

namespace Preimage.Algorithms.Tests.PreImages;

/// <summary>Restarts do not know of each other, and seeds decide everything.</summary>
public class RestartTests
{
    static readonly PreImageOptions s_options = Searches.Small with { Jitter = 3, Restarts = 4, SecondPhase = new SecondPhase { Iterations = 10 } };

    [Fact]
    public void A_restart_is_the_same_alone_to_the_bit()
    {
        using Network network = Searches.Rectified();
        using Engine engine = network.On(Device.Cpu);
        PreImageResult together = Searches.Match(engine, "last", s_options);
        for (int k = 0; k < 4; k++)
        {
            PreImageResult alone = Searches.Match(engine, "last", s_options with { Restarts = 1, FirstRestart = k });
            Assert.Equal(alone.Row(0).ToArray(), together.Row(k).ToArray());
            Assert.Equal(alone.Errors[0], together.Errors[k]);
            for (int i = 0; i < 40; i++) Assert.Equal(alone.Trace.Segments[0].Total(i, 0), together.Trace.Segments[0].Total(i, k));
        }

        Assert.Equal(4, Enumerable.Range(0, 4).Select(k => together.Errors[k]).Distinct().Count());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Groups_of_restarts_give_the_same_images(int atOnce)
    {
        using Network network = Searches.Rectified();
        using Engine engine = network.On(Device.Cpu);
        PreImageResult together = Searches.Match(engine, "last", s_options), groups = Searches.Match(engine, "last", s_options with { AtOnce = atOnce });
        Assert.Equal(Searches.Floats(together.Images), Searches.Floats(groups.Images));
        Assert.Equal(Searches.Floats(together.Inputs), Searches.Floats(groups.Inputs));
        Assert.Equal(together.Errors, groups.Errors);
        Assert.Equal((4 + atOnce - 1) / atOnce * 2, groups.Trace.Segments.Count);
    }

    [Fact]
    public void The_seed_decides()
    {
        using Network network = Searches.Rectified();
        using Engine engine = network.On(Device.Cpu);
        float[] first = Searches.Floats(Searches.Match(engine, "last", s_options).Images);
        Assert.Equal(first, Searches.Floats(Searches.Match(engine, "last", s_options).Images));
        Assert.NotEqual(first, Searches.Floats(Searches.Match(engine, "last", s_options with { Seed = 4 }).Images));
    }

    [Fact]
    public void Each_restart_may_have_a_representation_of_its_own()
    {
        using Network network = Searches.Rectified();
        using Engine engine = network.On(Device.Cpu);
        float[] one = [.. Searches.Representation(engine, "last", 1)], two = [.. Searches.Representation(engine, "last", 2)];
        Shape shape = network.InferShapes()[network.Nodes["last"].Index];
        var search = new PreImageSearch(engine, Searches.Pixels);
        PreImageOptions options = s_options with { Restarts = 2 };
        PreImageResult both = search.Find(Objective.Match("last", System.Numerics.Tensors.Tensor.Create<float>([.. one, .. two], shape.WithSamples(2).ToLengths())), options);
        PreImageResult second = search.Find(Objective.Match("last", System.Numerics.Tensors.Tensor.Create(two, shape.ToLengths())), options);
        Assert.Equal(second.Errors[1], both.Errors[1], 0.01 * second.Errors[1]);
        Assert.NotEqual(second.Errors[0], both.Errors[0], 0.001);
    }

    /// <summary>A network that takes one sample at a time runs restarts after each other.</summary>
    [Fact]
    public void A_fixed_batch_runs_restarts_one_by_one()
    {
        using Network free = Searches.Rectified();
        var builder = new NetworkBuilder();
        Node x = builder.Input("x", new Shape(1, 3, 8, 7));
        Node first = builder.Add("first", new Relu(), builder.Add("first_conv", SmallNetworks.Filters(13, 6, 3), x));
        Node turned = builder.Add("turned", new Transpose { Permutation = [1, 0, 2, 3] }, first);
        Node back = builder.Add("back", new Transpose { Permutation = [1, 0, 2, 3] }, turned);
        Node pool = builder.Add("pool", new MaxPool { Sliding = new Window { Kernel = (2, 2), Stride = (2, 2) } }, back);
        builder.Output(builder.Add("last", SmallNetworks.Filters(14, 4, 6), pool));
        using Network fixedOne = builder.Build();
        Assert.True(fixedOne.MixesSamples);
        using Engine freeEngine = free.On(Device.Cpu), fixedEngine = fixedOne.On(Device.Cpu);
        PreImageResult expected = Searches.Match(freeEngine, "last", s_options), result = Searches.Match(fixedEngine, "last", s_options);
        Assert.Equal(8, result.Trace.Segments.Count);
        Assert.All(expected.Errors.Zip(result.Errors), p => Assert.Equal(p.First, p.Second, 1e-3));
    }
}
