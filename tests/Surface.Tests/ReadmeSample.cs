using Preimage.Algorithms.Attribution;
using Preimage.Algorithms.Experiments;
using Preimage.Algorithms.Imaging;
using Preimage.Layers;
using Preimage.Surface.Tests.Commands;

namespace Preimage.Surface.Tests;

/// <summary>The sample of README.md: what stands between the marks is what the page shows, and it runs.</summary>
public sealed class ReadmeSample
{
    const string Start = "// <readme>", End = "// </readme>";

    [Fact]
    public void Readme_ShowsExactlyThisSample()
    {
        string source = Repository.Read("tests/Surface.Tests/ReadmeSample.cs");
        int start = source.LastIndexOf(Start, StringComparison.Ordinal) + Start.Length, end = source.LastIndexOf(End, StringComparison.Ordinal);
        const string Indent = "        ";
        string[] lines = source[start..end].Trim('\n', ' ').Split('\n');
        string sample = string.Join('\n', lines.Select(l => l.StartsWith(Indent, StringComparison.Ordinal) ? l[Indent.Length..] : l));
        Assert.Contains($"```csharp\n{sample}\n```", Repository.Read("README.md"), StringComparison.Ordinal);
    }

    [Fact]
    public void Sample_Runs()
    {
        using var folder = new TemporaryFolder();
        using (Network network = new RandomNetworks(seed: 1).ThreeLayer(32, 32, filters: 8))
            network.Save(folder["model.onnx"]);
        DrawnPicture.House(48, 40).Save(folder["picture.png"]);
        (float[] gradient, AttributionResult result) = Run(folder["model.onnx"], folder["picture.png"], folder["guided.png"]);
        Assert.Equal(gradient, result.Row(0).ToArray());
        Assert.True(Picture.Load(folder["guided.png"]).Width >= 32);
    }

    static (float[] Gradient, AttributionResult Result) Run(string model, string picture, string drawing)
    {
        // <readme>
        using Network network = Network.Load(model);                // ONNX; immutable, safe to share between threads
        using Engine engine = network.On(Device.Cpu);               // packs weights once, makes plans by shape

        // Nothing is done to a picture that is not in this record.
        PreparedInput input = Preprocessing.Unit.Apply(Picture.Load(picture), network.Input);

        AttributionResult result = new GuidedBackprop(engine).Attribute(input, Target.Argmax);
        Console.WriteLine(result.Units[0]);                         // what was explained: node, unit, activation
        result.Render().Save(drawing);                              // result.Map holds the numbers, a Tensor<float>

        // The level below: spans in and out, and no allocation from the second run on.
        using ExecutionPlan plan = engine.Plan(new PlanOptions { Keep = Keep.ForBackward });
        var logits = new float[plan.SeedShape.Count];
        var gradient = new float[plan.GradientShape(network.Input).Count];
        plan.Forward(input.Tensor.ToArray(), logits);
        var seed = new float[logits.Length];
        seed[result.Units[0].Unit] = 1;
        plan.Backward(seed, BackwardRule.Guided, gradient);
        // </readme>
        return (gradient, result);
    }
}
