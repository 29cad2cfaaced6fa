using System.Numerics.Tensors;
using Preimage.Algorithms.PreImages;
using Preimage.Layers;

namespace Preimage.Algorithms.Tests.PreImages;

public class MaskTests
{
    static readonly Shape s_shape = new(1, 4, 5, 6);

    /// <summary>Reference specification 6.5: rows start, counted from 1, at ceil((size - n + 1) / 2).</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(9)]
    public void Window_LiesWhereThePaperHasIt(int size)
    {
        float[] mask = FeatureMask.Window(size).For(s_shape, "n");
        int h = Math.Min(size, 5), w = Math.Min(size, 6);
        int top = (int)Math.Ceiling((5 - h + 1) / 2.0) - 1, left = (int)Math.Ceiling((6 - w + 1) / 2.0) - 1;
        for (int i = 0; i < mask.Length; i++)
        {
            int y = i / 6 % 5, x = i % 6;
            Assert.Equal(y >= top && y < top + h && x >= left && x < left + w ? 1 : 0, mask[i]);
        }
    }

    [Fact]
    public void Channels_groups_and_boxes_cover_their_units()
    {
        Assert.Equal(Enumerable.Range(0, 120).Select(i => i is >= 30 and < 90 ? 1f : 0), FeatureMask.Channels(1, 2).For(s_shape, "n"));
        Assert.Equal(Enumerable.Range(0, 120).Select(i => i >= 60 ? 1f : 0), FeatureMask.Group(1).For(s_shape, "n"));
        Assert.Equal(Enumerable.Range(0, 120).Select(i => i / 6 % 5 == 2 && i % 6 >= 4 ? 1f : 0), FeatureMask.Box(2, 4, 1, 2).For(s_shape, "n"));
    }

    [Fact]
    public void A_mask_that_does_not_fit_is_named()
    {
        void Throws(string message, FeatureMask mask) => Assert.Contains(message, Assert.Throws<PreimageException>(() => mask.For(s_shape, "n")).Message);
        Throws("channels 3 to 4 are not there: node 'n' has channels 0 to 3", FeatureMask.Channels(3, 2));
        Throws("4 channels, which must be a multiple", FeatureMask.Group(0, 3));
        Throws("does not lie within node 'n', which has 5x6 units", FeatureMask.Box(0, 5, 1, 2));
        Throws("120 units a sample", FeatureMask.Of(1, 2));
        Throws("leaves no unit", FeatureMask.Of(new float[120]));
        Throws("-1 at 7", FeatureMask.Of([.. Enumerable.Range(0, 120).Select(i => i == 7 ? -1f : 1)]));
    }

    /// <summary>Units left out may be anything: what a search finds does not depend on them, and they end up elsewhere.</summary>
    [Fact]
    public void Masked_out_units_are_free()
    {
        using Network network = Searches.Smooth();
        using Engine engine = network.On(Device.Cpu);
        float[] target = [.. Searches.Representation(engine, "last")], changed = [.. target];
        changed.AsSpan(target.Length / 2).Fill(1000);
        Shape shape = network.InferShapes()[network.Nodes["last"].Index];
        var search = new PreImageSearch(engine, Searches.Pixels);
        PreImageOptions options = Searches.Small.WithoutRegularisers() with { Iterations = 300 };
        PreImageResult Find(float[] values, FeatureMask? mask) => search.Find(Objective.Match("last", Tensor.Create(values, shape.ToLengths()), mask), options);

        PreImageResult half = Find(target, FeatureMask.Group(0)), free = Find(changed, FeatureMask.Group(0)), whole = Find(target, null);
        Assert.Equal(Searches.Floats(half.Images), Searches.Floats(free.Images));
        Assert.Equal(half.Errors, free.Errors);
        Assert.NotEqual(Searches.Floats(half.Images), Searches.Floats(whole.Images));
        Assert.True(half.Errors[0] < 0.05, $"error {half.Errors[0]} in the units that count");
        double all = Error(engine, half.Inputs, target);
        Assert.True(all > 2 * half.Errors[0], $"error {all} in all units, {half.Errors[0]} in those that count");
    }

    static double Error(Engine engine, Tensor<float> inputs, float[] target)
    {
        using ExecutionPlan plan = engine.Plan(new PlanOptions());
        var values = new float[target.Length];
        plan.Forward(Searches.Floats(inputs), values);
        return Math.Sqrt(values.Zip(target, (v, t) => Math.Pow(v - t, 2)).Sum() / target.Sum(t => (double)t * t));
    }
}
