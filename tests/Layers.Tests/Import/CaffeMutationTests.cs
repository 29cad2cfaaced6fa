using System.Text;
using System.Text.RegularExpressions;
using static Preimage.Layers.Tests.Import.CaffeModels;
using Preimage.Tests.Shared;

namespace Preimage.Layers.Tests.Import;

/// <summary>10,000 damaged models, binary and text: each gives a network or an error of ours, in bounded time and memory.</summary>
public sealed partial class CaffeMutationTests(ITestOutputHelper output)
{
    static readonly double[] s_numbers = [0, 1, -1, 2, 3, 7, 64, 224, 65536, int.MaxValue, int.MinValue, 1L << 33, 1e15];

    static readonly string[] s_types =
    [
        "BatchNorm", "Bias", "Concat", "Convolution", "Deconvolution", "Dropout", "Eltwise", "Flatten", "InnerProduct", "LRN", "Pooling", "Power", "PReLU",
        "ReLU", "Reshape", "Scale", "Sigmoid", "Slice", "Softmax", "Split", "TanH", "Crop", "Data", "Input", "SoftmaxWithLoss", "Nonsense", "",
    ];

    [Fact]
    public void Mutants_GiveAResultOrAnErrorOfOurs()
    {
        CaffeDraft[] models = [Classic(), Classic().ToFirst(), Modern()];
        byte[][] files = [.. models.Select(m => m.ToBinary()), .. models.Select(m => Encoding.UTF8.GetBytes(m.Without("blobs").ToText()))];
        MutantRun.Check(output, "caffe-mutants", (i, random) => i % 2 == 0
            ? OnnxMutations.Bytes(files[random.Next(files.Length)], random)
            : Structure(models[random.Next(models.Length)], random), Load, e => Blank().Replace(e.Message, "*"), "this is no", "line");
    }

    static void Load(int number, byte[] mutant)
    {
        using Network network = Network.Load(mutant, new LoadOptions { Seed = number % 3 == 0 ? null : 1 });
        long elements = network.InferShapes().Sum(s => s.Rank == 0 ? 0L : s.Count);
        // A mutant may well be a network that fills the machine's memory when it runs: that is for its user to want.
        if (elements > 100_000 || network.ParameterCount > 100_000)
            return;
        network.Save(Stream.Null);
        using Engine engine = network.On(Device.Cpu);
        using ExecutionPlan plan = engine.Plan(new PlanOptions());
        plan.Forward();
    }

    /// <summary>One to three changes of structure, never of weights; lengths stay right, since the model is written anew.</summary>
    static byte[] Structure(CaffeDraft model, Random random)
    {
        model = model.Clone();
        for (int changes = 1 + random.Next(3); changes > 0; changes--)
            Change(model, random);
        return random.Next(3) == 0 ? Encoding.UTF8.GetBytes(model.Without("blobs").ToText()) : model.ToBinary();
    }

    static void Change(CaffeDraft model, Random random)
    {
        CaffeDraft[] messages = [.. model.All()];
        CaffeDraft message = messages[random.Next(messages.Length)];
        if (message.Fields.Count == 0)
            return;
        int at = random.Next(message.Fields.Count);
        (string name, object value) = message.Fields[at];
        switch (random.Next(6))
        {
            case 0:
                message.Fields.RemoveAt(at);
                break;
            case 1:
                message.Fields.Insert(random.Next(message.Fields.Count), (name, value is CaffeDraft inner ? inner.Clone() : value));
                break;
            case 2:
                (message.Fields[0], message.Fields[at]) = (message.Fields[at], message.Fields[0]);
                break;
            default:
                message.Fields[at] = (name, value switch
                {
                    double => random.Next(2) == 0 ? random.Next(-4, 12) : s_numbers[random.Next(s_numbers.Length)],
                    string when name == "type" && message.Kind == "Layer" => s_types[random.Next(s_types.Length)],
                    string when name is "bottom" or "top" => AnyBlob(model, random),
                    _ => value,
                });
                break;
        }
    }

    static string AnyBlob(CaffeDraft model, Random random)
    {
        string[] names = ["", "data", "nowhere", .. model.All().SelectMany(m => m.Fields).Where(f => f.Name == "top").Select(f => (string)f.Value)];
        return names[random.Next(names.Length)];
    }

    [GeneratedRegex(@"'[^']*'|-?\d+(x-?\d+)*|\([^)]*\)")]
    private static partial Regex Blank();
}
