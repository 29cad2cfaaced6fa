using Preimage.Algorithms.FilterDecoding;
using Preimage.Layers;
using Preimage.Tests.Shared;

namespace Preimage.Algorithms.Tests.FilterDecoding;

/// <summary>Decoding against loops from the definitions, on stacks with everything a stack can have.</summary>
public sealed class StackTests
{
    static readonly Dictionary<string, Func<RandomStack>> s_stacks = new()
    {
        ["lenet-like"] = () => new RandomStack(1, 1, 28, 28).Convolution("a", 3, (5, 5)).Pool(true, (2, 2), (2, 2)).Convolution("b", 4, (3, 3)).Pool(true, (2, 2), (2, 2)).Convolution("top", 5, (2, 2)),
        ["groups, strides, padding, dilation"] = () => new RandomStack(2, 2, 40, 36).Convolution("a", 6, (5, 4), 2, (2, 3), pad: 2).Identities()
            .Pool(true, (3, 3), (2, 2), 1).Convolution("b", 4, (3, 2), 2, pad: 1, between: (2, 1)).Convolution("top", 6, (2, 3), 2, between: (1, 2)),
        ["dense after flatten, batch norm"] = () => new RandomStack(3, 3, 16, 14).Halve().Convolution("a", 5, (3, 3), pad: 1).BatchNorm().Identities()
            .Pool(false, (3, 2), (2, 2)).Convolution("b", 4, (2, 2)).Dense("d", 6, true).Dense("e", 5, false).BatchNorm().Dense("top", 3, true),
        ["channels of the blocked kernels"] = () => new RandomStack(4, 3, 40, 40).Convolution("a", 32, (3, 3), pad: 1).Convolution("b", 32, (3, 3), pad: 1).Pool(true, (2, 2), (2, 2))
            .Convolution("c", 48, (3, 3), pad: 1).Pool(true, (2, 2), (2, 2)).Convolution("top", 33, (3, 3), pad: 1),
    };

    public static TheoryData<string, Unpooling> Cases
    {
        get
        {
            var cases = new TheoryData<string, Unpooling>();
            foreach (string stack in s_stacks.Keys)
                foreach (Unpooling unpooling in Enum.GetValues<Unpooling>())
                    cases.Add(stack, unpooling);
            return cases;
        }
    }

    [Theory, MemberData(nameof(Cases))]
    public void Decode_IsTheLoops(string name, Unpooling unpooling)
    {
        RandomStack stack = s_stacks[name]();
        using Network network = stack.Build();
        using Engine engine = network.On(Device.Cpu);
        DecodedFilters found = new FilterDecoder(engine).Decode("top", [2, 0], new DecodingOptions { Unpooling = unpooling });
        for (int i = 0; i < 2; i++)
        {
            NaiveMaps expected = stack.Decode("top", found.Units[i], unpooling);
            Assert.Equal((expected.Channels, expected.Height, expected.Width), found.Size);
            Agreement.Close(expected.Values, found.Image(i), 1e-5, $"{name}, {unpooling}, unit {found.Units[i]}");
        }
    }

    [Fact]
    public void Decode_FirstLayerIsItsOwnFilters()
    {
        RandomStack stack = s_stacks["groups, strides, padding, dilation"]();
        using Network network = stack.Build();
        using Engine engine = network.On(Device.Cpu);
        DecodedFilters found = new FilterDecoder(engine).Decode("a", [5]);
        Agreement.Close(stack.Decode("a", 5, Unpooling.Nearest).Values, found.Image(0), 0, "filter");
        Assert.Equal((2, 5, 4), found.Size);
        Assert.Equal("x", found.Source);
    }

    [Fact]
    public void Decode_BatchNormAboveScalesTheFilter()
    {
        using Network network = new RandomStack(5, 2, 9, 9).Convolution("a", 4, (3, 3)).Convolution("b", 3, (2, 2)).BatchNorm().Build();
        using Engine engine = network.On(Device.Cpu);
        DecodedFilters plain = new FilterDecoder(engine).Decode("b"), scaled = new FilterDecoder(engine).Decode("bn");
        var norm = (Layers.Kinds.BatchNormalisation)network.Nodes["bn"].Layer;
        for (int unit = 0; unit < 3; unit++)
        {
            double factor = norm.Scale.ToArray()[unit] / Math.Sqrt(norm.Variance.ToArray()[unit] + 0.01);
            Agreement.Close([.. plain.Image(unit).ToArray().Select(v => factor * v)], scaled.Image(unit), 1e-6, $"unit {unit}");
        }
    }

    [Fact]
    public void Decode_DoesNotDependOnTheGroups()
    {
        using Network network = s_stacks["channels of the blocked kernels"]().Build();
        using Engine engine = network.On(Device.Cpu);
        var done = new List<int>();
        DecodedFilters whole = new FilterDecoder(engine).Decode("top", [.. Enumerable.Range(0, 7)]);
        DecodedFilters single = new FilterDecoder(engine).Decode("top", [.. Enumerable.Range(0, 7)], new DecodingOptions { MemoryBudget = 1 }, new Progress(done.Add));
        for (int unit = 0; unit < 7; unit++)
            Agreement.SameBits(whole.Image(unit), single.Image(unit), $"unit {unit}");
        Assert.Equal([1, 2, 3, 4, 5, 6, 7], done);
    }

    [Fact]
    public void Thresholded_KeepsSigns()
    {
        using Network network = s_stacks["lenet-like"]().Build();
        using Engine engine = network.On(Device.Cpu);
        DecodedFilters found = new FilterDecoder(engine).Decode("top", [1]), levels = found.Thresholded(0.25);
        float largest = found.Image(0).ToArray().Max(Math.Abs);
        for (int i = 0; i < found.Image(0).Length; i++)
            Assert.Equal(Math.Abs(found.Image(0)[i]) > 0.25 * largest ? Math.Sign(found.Image(0)[i]) : 0, levels.Image(0)[i]);
        Assert.Equal(0.25, levels.Threshold);
        Assert.Throws<PreimageException>(() => found.Thresholded(1.5));
    }

    sealed class Progress(Action<int> report) : IProgress<int>
    {
        public void Report(int value)
        {
            // The end is told once more when the result is put together.
            if (value > _last)
                report(_last = value);
        }

        int _last;
    }
}
