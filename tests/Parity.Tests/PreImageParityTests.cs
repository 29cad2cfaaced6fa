using Preimage.Algorithms.PreImages;
using Preimage.Layers;
using Preimage.Tests.Shared;

namespace Preimage.Parity.Tests;

/// <summary>Searches for images on the GPU against the processor: the energy of every term at every iteration.</summary>
public class PreImageParityTests(ITestOutputHelper output)
{
    /// <summary>Relative, of each energy.</summary>
    const double Bound = 1e-3;

    public static TheoryData<string> Names => [.. PreImageCase.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Twenty_iterations_have_the_energies_of_the_processor(string name)
    {
        Gpu.Require();
        PreImageCase search = PreImageCase.All[name];
        PreImageResult expected = search.On(Device.Cpu), actual = search.On(Device.Cuda(0)), again = search.On(Device.Cuda(0));
        Compare(name, expected, actual);
        Agreement.SameBits([.. actual.Images], [.. again.Images], "a second time");
        Assert.Equal(actual.Errors, again.Errors);
        for (int i = 0; i < expected.Errors.Count; i++)
            Assert.Equal(expected.Errors[i], actual.Errors[i], Bound * expected.Errors[i]);
        Gpu.LeavesNothing();
    }

    /// <summary>The smallest, and one in which nothing switches.</summary>
    [Theory]
    [InlineData("mixed, sum")]
    [InlineData("smooth")]
    public void Three_hundred_iterations_stay_together(string name)
    {
        Gpu.Require();
        PreImageCase search = PreImageCase.All[name];
        PreImageOptions options = search.Options with { Iterations = 300, SecondPhase = null, Restarts = 1 };
        Compare($"{name}, 300 iterations", search.On(Device.Cpu, options), search.On(Device.Cuda(0), options));
        Gpu.LeavesNothing();
    }

    /// <summary>
    /// Where a rounding turns a switch of max pooling or a ReLU, ways part: an image as good is found elsewhere. The processor parts from itself likewise
    /// when the values of the picture are off by their last bits, which is printed beside; where one switch alone stands on the edge, it need not.
    /// </summary>
    [Theory]
    [InlineData("lenet, L3")]
    [InlineData("lenet, L4, two restarts")]
    [InlineData("lenet, logits")]
    public void Three_hundred_iterations_find_images_as_good(string name)
    {
        Gpu.Require();
        PreImageCase search = PreImageCase.All[name];
        PreImageOptions options = search.Options with { Iterations = 300, SecondPhase = null, Restarts = 1 };
        PreImageResult there = search.On(Device.Cpu, options), here = search.On(Device.Cuda(0), options);
        PreImageResult shaken = search.On(Device.Cpu, options, shaken: true);
        output.WriteLine($"{name}: error {here.Errors[0]:P2}, on the processor {there.Errors[0]:P2}; energies within {Apart(there, here).Worst:E1}, the processor's of its own with the picture off by roundings {Apart(there, shaken).Worst:E1}");
        Assert.Equal(there.Errors[0], here.Errors[0], 0.01);
        Gpu.LeavesNothing();
    }

    void Compare(string name, PreImageResult expected, PreImageResult actual)
    {
        (double worst, string where) = Apart(expected, actual);
        PreImageTrace.Segment last = expected.Trace.Segments[^1];
        output.WriteLine($"{name}: energies within {worst:E1} ({where}); total from {expected.Trace.Segments[0].Total(0, 0):G4} to {last.Total(last.Iterations - 1, 0):G4}, error {expected.Errors[0]:P2}");
        ParityReport.Add("energies of searches", name, worst, "relative difference");
        Assert.True(worst <= Bound, $"{name}: an energy differs by {worst:E2}, at most {Bound:E0}: {where}");
    }

    /// <summary>The largest relative difference of an energy, and which one it is.</summary>
    static (double Worst, string Where) Apart(PreImageResult expected, PreImageResult actual)
    {
        double worst = 0;
        string where = "";
        Assert.Equal(expected.Iterations, actual.Iterations);
        for (int s = 0; s < expected.Trace.Segments.Count; s++)
        {
            PreImageTrace.Segment there = expected.Trace.Segments[s], here = actual.Trace.Segments[s];
            for (int i = 0; i < there.Iterations; i++)
            {
                for (int term = 0; term < expected.Trace.Terms.Count; term++)
                {
                    for (int row = 0; row < there.Rows; row++)
                    {
                        double apart = Math.Abs(here[i, term, row] - there[i, term, row]) / Math.Abs(there[i, term, row]);
                        // Written so that not-a-number is the worst.
                        if (!(apart <= worst))
                            (worst, where) = (apart, $"phase {there.Phase}, iteration {i}, {expected.Trace.Terms[term]}, row {row}: {here[i, term, row]:R}, expected {there[i, term, row]:R}");
                    }
                }
            }
        }

        return (worst, where);
    }
}
