using Preimage.Layers.Loops;
using Preimage.Layers.Tests.Plans;
using Preimage.Layers.Weights;
using Preimage.Tests.Shared;

namespace Preimage.Layers.Tests.Loops;

/// <summary>An iteration allocates nothing on the managed heap, on any thread, once bodies have run.</summary>
[Collection(nameof(AllocationTests))]
public sealed class LoopAllocationTests
{
    [Theory]
    [InlineData(null, 1)]
    [InlineData(null, 2)]
    [InlineData("Gemm", 2)]
    public void Steps_of_weights_allocate_nothing(string? forced, int threads)
    {
        using Network network = SmallNetworks.Learnt();
        using var parameters = Parameters.Of(network);
        var options = new EngineOptions { Threads = threads, Force = forced is null ? new Dictionary<string, string>() : new Dictionary<string, string> { ["Conv"] = forced } };
        using var training = new SmallTraining(parameters, Device.Cpu, 3, new float[1_000_000], options);
        training.Steps(10);
        long least = long.MaxValue;
        for (int round = 0; round < 200 && least > 0; round++)
        {
            long before = GC.GetTotalAllocatedBytes(true);
            training.Steps(20);
            least = Math.Min(least, GC.GetTotalAllocatedBytes(true) - before);
        }

        Assert.Equal(0, least);
    }

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(4, 2, 2)]
    public void Iterations_allocate_nothing(int batch, int portion, int threads)
    {
        using Network network = SmallNetworks.Mixed();
        using Engine engine = network.On(Device.Cpu, new EngineOptions { Threads = threads });
        using ExecutionPlan plan = engine.Plan(new PlanOptions { Batch = batch, Keep = Keep.ForBackward, Portion = portion, SeedNode = "logits", AlsoSeeded = ["pool"] });
        using DeviceLoop loop = plan.CreateLoop();
        IArrayOperators arrays = loop.Arrays;
        Node pool = network.Nodes["pool"];
        Shape input = network.InputShape.WithSamples(batch), canvas = new(batch, 3, input.H + 3, input.W + 2), values = plan.ShapeOf(pool);
        const int Iterations = 1_000_000;
        DeviceArray<float> x = loop.Allocate(canvas, Draw.Normal(1, canvas)), gradient = loop.Allocate<float>(canvas);
        DeviceArray<float> squares = loop.Allocate<float>(canvas), momentum = loop.Allocate<float>(canvas);
        DeviceArray<float> best = loop.Allocate<float>(canvas), crop = loop.Allocate<float>(input), back = loop.Allocate<float>(input);
        DeviceArray<float> read = loop.Allocate<float>(values), residual = loop.Allocate<float>(values);
        DeviceArray<float> target = loop.Allocate<float>(values.WithSamples(1)), seed = loop.Allocate<float>(plan.SeedShape);
        DeviceArray<float> rates = loop.Allocate<float>(new Shape(2 * Iterations)), map = loop.Allocate<float>(canvas);
        DeviceArray<float> transforms = loop.Allocate<float>(new Shape(6 * Iterations)), scale = loop.Allocate<float>(new Shape(3)), matrix = loop.Allocate<float>(new Shape(input.W, input.W));
        DeviceArray<int> offsets = loop.Allocate<int>(new Shape(2 * Iterations));
        DeviceArray<double> energies = loop.Allocate<double>(new Shape(4, batch)), ring = loop.Allocate<double>(new Shape(16, 4, batch)), total = loop.Allocate<double>(new Shape(batch));
        loop.SetSeed(pool, residual);
        loop.SetSeed(network.Output, seed);
        Action body = Body;
        loop.Repeat(body, 40, TestContext.Current.CancellationToken);
        long least = long.MaxValue;
        for (int round = 0; round < 500 && least > 0; round++)
        {
            long before = GC.GetTotalAllocatedBytes(true);
            loop.Repeat(body, 100, TestContext.Current.CancellationToken);
            least = Math.Min(least, GC.GetTotalAllocatedBytes(true) - before);
        }

        Assert.Equal(0, least);

        void Body()
        {
            arrays.Crop(x, crop, offsets);
            loop.SetInput(network.Input, crop);
            loop.Forward();
            loop.Read(pool, read);
            arrays.Residual(read, target, null, 2, residual);
            arrays.Dot(residual, residual, 1, energies, 0);
            loop.Backward(BackwardRule.Gradient);
            loop.ReadGradient(network.Input, back);
            arrays.CropBackward(back, gradient, offsets);
            arrays.VariationEnergy(x, 1.5f, 1, energies, batch);
            arrays.VariationGradient(x, 1.5f, 1, gradient);
            arrays.RangeEnergy(x, 6, 80, 1, energies, 2 * batch);
            arrays.RangeGradient(x, 6, 80, 1, gradient);
            arrays.Sum(x, 0, energies, 3 * batch);
            arrays.AddScaledRows(x, energies, 0, 0, gradient);
            arrays.InverseRoots(energies);
            arrays.Warp(x, transforms, map);
            arrays.WarpBackward(map, transforms, map);
            arrays.ScaleChannels(map, scale, scale, map);
            arrays.Product(input.H, input.W, input.W, crop, false, matrix, true, 0.5f, 2, back);
            arrays.MomentumStep(x, gradient, squares, momentum, rates, 0.9f, 160);
            arrays.AdamStep(x, gradient, squares, momentum, rates, 0.9f, 0.9f, 1, 160);
            arrays.Note(energies, ring, total, x, best, total);
        }
    }
}
