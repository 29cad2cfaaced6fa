using Preimage.Interop.Cuda;
using Preimage.Layers;
using Preimage.Tests.Shared;

namespace Preimage.Parity.Tests;

/// <summary>The samples of docs/gpu.md: what stands between the marks is what the page shows, and it runs.</summary>
public class GpuPageTests
{
    const string Start = "        // <page>\n", End = "        // </page>\n";

    [Fact]
    public void The_page_shows_exactly_these_samples()
    {
        string page = File.ReadAllText(InRepository("docs/gpu.md")), source = File.ReadAllText(InRepository("tests/Parity.Tests/GpuPageTests.cs"));
        string[] samples = [.. source.Split(Start).Skip(1).Select(s => s[..s.IndexOf(End, StringComparison.Ordinal)])];
        Assert.Equal(2, samples.Length);
        Assert.Equal(2, page.Split("```csharp").Length - 1);
        foreach (string text in samples)
        {
            string sample = string.Join('\n', text.TrimEnd('\n').Split('\n').Select(line => line.Length > 8 ? line[8..] : line.Trim()));
            Assert.Contains($"```csharp\n{sample}\n```", page, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Sharing_with_other_code_runs()
    {
        Gpu.Require();
        using Network network = SmallNetworks.Mixed();
        using (CudaContext primary = CudaContext.Primary())
        using (var theirs = new CudaStream(primary))
        {
            float[] x = Draw.Normal(3, network.InputShape), expected, seed;
            using (Engine alone = Gpu.On(network))
            using (ExecutionPlan plan = alone.Plan(new PlanOptions { Keep = Keep.ForBackward }))
            {
                seed = Draw.Normal(4, plan.SeedShape);
                expected = new float[x.Length];
                plan.Forward(x, new float[plan.ShapeOf(network.Output).Count]);
                plan.Backward(seed, BackwardRule.Guided, expected);
            }

            using DeviceMemory input = new(primary, x.Length * sizeof(float)), gradient = new(primary, x.Length * sizeof(float));
            theirs.Upload<float>(input.Handle, x);
            Share(network, primary.Handle, theirs.Handle, input.Pointer, gradient.Pointer, seed);
            var found = new float[x.Length];
            theirs.Download(found, gradient.Handle);
            Agreement.SameBits(expected, found, "the gradient in their memory");
        }

        Gpu.LeavesNothing();
    }

    [Fact]
    public void Tuning_runs()
    {
        Gpu.Require();
        using Network network = SmallNetworks.Mixed();
        string folder = Directory.CreateTempSubdirectory("preimage-tuning-").FullName;
        try
        {
            using Engine engine = Gpu.On(network);
            Tune(network, engine, Path.Combine(folder, "tuning.json"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    static void Share(Network network, nint theirContext, nint theirStream, ulong theirInput, ulong theirGradient, float[] seed)
    {
        // <page>
        using CudaContext context = CudaContext.FromForeign(theirContext);          // a CUcontext; its owner outlives ours
        using CudaStream theirs = CudaStream.FromForeign(context, theirStream);     // a CUstream
        using Engine engine = network.On(Device.Cuda(0), new EngineOptions { Context = context });
        using ExecutionPlan plan = engine.Plan(new PlanOptions { Keep = Keep.ForBackward });
        using DeviceMemory input = DeviceMemory.FromForeign(context, theirInput, plan.ShapeOf(network.Input).Bytes);    // a CUdeviceptr, NCHW
        using DeviceMemory gradient = DeviceMemory.FromForeign(context, theirGradient, plan.GradientShape(network.Input).Bytes);
        using var passed = new CudaEvent(context);

        passed.Record(theirs);                              // behind what writes the input
        plan.Stream!.WaitFor(passed);                       // the host waits for nothing
        plan.SetInput(network.Input, input);
        plan.Forward();
        plan.Backward(seed, BackwardRule.Guided);
        plan.ReadGradient(network.Input, gradient);         // from device to device
        passed.Record(plan.Stream!);
        theirs.WaitFor(passed);                             // what they do from here on sees the gradient
        // </page>
    }

    static void Tune(Network network, Engine engine, string file)
    {
        // <page>
        engine.Tune(new PlanOptions { Batch = 32, Keep = Keep.ForBackward }).Save(file);
        using Engine tuned = network.On(Device.Cuda(0), new EngineOptions { Tuning = ConvolutionTuning.Load(file) });
        // </page>
        using ExecutionPlan plan = tuned.Plan(new PlanOptions { Batch = 32, Keep = Keep.ForBackward });
        Assert.NotNull(plan.Stream);
    }

    static string InRepository(string file)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string path = Path.Combine(folder.FullName, file);
            if (File.Exists(path))
                return path;
        }

        throw new FileNotFoundException($"{file} is in no folder above {AppContext.BaseDirectory}");
    }
}
