using Preimage.Layers;
using Preimage.Tests.Shared;

namespace Preimage.Parity.Tests;

/// <summary>Algorithms of convolutions chosen by timing, and choices kept in a file.</summary>
public class TuningTests
{
    static readonly PlanOptions s_options = new() { Batch = 2, Keep = Keep.ForBackward };

    [Fact]
    public void A_tuning_names_both_directions_of_every_convolution_and_its_file_gives_the_same_bits()
    {
        Gpu.Require();
        string file = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.json");
        using Network network = SmallNetworks.Mixed();
        float[] expected, map;
        try
        {
            using (Engine engine = network.On(Device.Cuda(0)))
            {
                ConvolutionTuning tuning = engine.Tune(s_options);
                Assert.Contains(tuning.Convolutions, c => c.Problem.StartsWith("Forward 2x", StringComparison.Ordinal));
                Assert.Contains(tuning.Convolutions, c => c.Problem.StartsWith("Data 2x", StringComparison.Ordinal));
                Assert.All(tuning.Convolutions, c => Assert.False(c.UsesTensorFloat));
                Assert.Distinct(tuning.Convolutions.Select(c => c.Problem));
                tuning.Save(file);
                using var passes = new Passes(engine, s_options);
                (expected, map) = (passes.Forward(3), passes.Backward(3, BackwardRule.Guided)[0]);
            }

            ConvolutionTuning loaded = ConvolutionTuning.Load(file);
            using (Engine engine = network.On(Device.Cuda(0), new EngineOptions { Tuning = loaded }))
            using (var passes = new Passes(engine, s_options))
            {
                Agreement.SameBits(expected, passes.Forward(3), "output under the file's choices");
                Agreement.SameBits(map, passes.Backward(3, BackwardRule.Guided)[0], "map under the file's choices");
            }

            PreimageException other = Assert.Throws<PreimageException>(() => network.On(Device.Cuda(0), new EngineOptions { Tuning = loaded with { Gpu = "another" } }));
            Assert.Contains("another", other.Message, StringComparison.Ordinal);
            Assert.Throws<PreimageException>(() => network.On(Device.Cuda(0), new EngineOptions { Tuning = loaded, Precision = Precision.Strict }));
            TunedConvolution[] unknown = [.. loaded.Convolutions.Select(c => c with { Algorithm = 77 })];
            using (Engine engine = network.On(Device.Cuda(0), new EngineOptions { Tuning = loaded with { Convolutions = unknown } }))
                Assert.Contains("77", Assert.Throws<PreimageException>(() => engine.Plan(s_options)).Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }

        Gpu.LeavesNothing();
    }

    [Fact]
    public void The_processor_has_nothing_to_tune()
    {
        using Network network = SmallNetworks.Mixed();
        using Engine engine = network.On(Device.Cpu);
        Assert.Contains("nothing to tune", Assert.Throws<PreimageException>(() => engine.Tune(s_options)).Message, StringComparison.Ordinal);
        Assert.Throws<PreimageException>(() => network.On(Device.Cpu, new EngineOptions { Tuning = new ConvolutionTuning("a GPU", "9", Precision.Single, []) }));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[1, 2]")]
    [InlineData("no JSON")]
    [InlineData("""{ "gpu": "a", "cudnn": "9", "precision": "Single" }""")]
    public void A_file_of_something_else_is_refused_by_name(string text)
    {
        string file = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.json");
        File.WriteAllText(file, text);
        try
        {
            Assert.Contains(file, Assert.Throws<PreimageException>(() => ConvolutionTuning.Load(file)).Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
    }
}
