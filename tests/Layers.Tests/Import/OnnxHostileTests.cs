using Google.Protobuf;
using Preimage.Layers.Import.Onnx.Wire;
using static Preimage.Layers.Tests.Import.OnnxModels;

namespace Preimage.Layers.Tests.Import;

/// <summary>Damaged and malicious models: one clear error each, never a crash, a hang or memory without bound.</summary>
public sealed class OnnxHostileTests
{
    [Fact]
    public void TruncatedAnywhere_IsRefusedOrWhole()
    {
        byte[] whole = Small().ToByteArray();
        int refused = 0;
        for (int length = 0; length < whole.Length; length++)
        {
            try
            {
                Network.Load(whole.AsMemory(0, length)).Dispose();
            }
            catch (ModelException)
            {
                refused++;
            }
        }

        // A cut between two fields of the model itself may leave a smaller, whole one.
        Assert.InRange(refused, whole.Length - 5, whole.Length);
    }

    [Theory]
    [InlineData(long.MaxValue, 1)]
    [InlineData(int.MaxValue, int.MaxValue)]
    [InlineData(-1, 3)]
    [InlineData(1L << 40, 0)]
    public void HugeInitialiser_IsRefusedWithoutAllocating(long a, long b)
    {
        var tensor = new TensorProto { Name = "huge", DataType = 1, RawData = ByteString.CopyFrom(new byte[16]) };
        tensor.Dims.Add([a, b]);
        long before = GC.GetAllocatedBytesForCurrentThread();
        ModelException error = Model().Input("x", 1, 4).Tensor(tensor).Node("Add", "x huge", "y").Output("y").Refused();
        Assert.Contains("huge", error.Message, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 22);
    }

    [Fact]
    public void HugeHostValues_AreRefusedWithoutAllocating()
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        ModelException error = Model().Input("x", 1, 4).Longs("s", 1 << 20, 1 << 20).Node("ConstantOfShape", "s", "big")
            .Node("Reshape", "x big", "y").Output("y").Refused();
        Assert.Contains("ConstantOfShape", error.Message, StringComparison.Ordinal);
        ModelProto doubling = Model().Input("x", 1, 4).Longs("s", 1, 2, 3, 4);
        for (int i = 0; i < 40; i++)
            doubling.Node("Concat", i == 0 ? "s s" : $"c{i - 1} c{i - 1}", $"c{i}", Int("axis", 0));
        doubling.Node("Reshape", "x c39", "y").Output("y").Refused();
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1L << 30);
    }

    [Fact]
    public void HugeInput_IsRefused() => Assert.Contains("elements",
        Model().Input("x", 1, 2, int.MaxValue, 3).Node("Relu", "x", "y").Output("y").Refused().Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(0)]
    [InlineData(-3)]
    public void InputExtentBelowOne_IsRefused(int extent) => Assert.Contains($"extent {extent}",
        Model().Input("x", 1, extent).Node("Relu", "x", "y").Output("y").Refused().Message, StringComparison.Ordinal);

    [Fact]
    public void Rank5_IsRefusedByItsRank() => Assert.Contains("rank 5",
        Model().Input("x", 1, 1, 1, 1, 1).Node("Relu", "x", "y").Output("y").Refused().Message, StringComparison.Ordinal);

    [Fact]
    public void Cycle_IsRefusedNamingANode()
    {
        ModelException error = Model().Input("x", 1, 4).Node("Add", "x b", "a").Node("Relu", "a", "b").Node("Relu", "b", "y").Output("y").Refused();
        Assert.Contains("cycle", error.Message, StringComparison.Ordinal);
        Assert.Equal("a", error.Node);
    }

    [Fact]
    public void NodesOutOfOrder_AreSorted()
    {
        using Network network = Model().Input("x", 1, 4).Node("Relu", "b", "y").Node("Tanh", "a", "b").Node("Sigmoid", "x", "a").Output("y").Load();
        Assert.Equal(["x", "a", "b", "y"], network.Nodes.Select(n => n.Name));
    }

    [Fact]
    public void LongChainBackToFront_DoesNotRecurse()
    {
        ModelProto model = Model().Input("x", 1, 4);
        const int Length = 50_000;
        for (int i = Length; i > 0; i--)
            model.Node("Relu", i == 1 ? "x" : $"n{i - 1}", $"n{i}");
        using Network network = model.Output($"n{Length}").Load();
        Assert.Equal(Length + 1, network.Nodes.Count);
    }

    [Fact]
    public void DeepNesting_IsRefused()
    {
        var graph = new GraphProto();
        for (int depth = 0; depth < 40; depth++)
        {
            var outer = new GraphProto();
            outer.Node.Add(NodeOf("If", "c", "o", Attribute("then_branch", graph), Attribute("else_branch", new GraphProto())));
            graph = outer;
        }

        ModelProto model = Model();
        model.Graph = graph;
        model.Graph.Output.Add(new ValueInfoProto { Name = "o" });
        Assert.Contains("deep", model.Refused().Message, StringComparison.Ordinal);
    }

    [Fact]
    public void DeepNestingOnTheWire_IsRefused()
    {
        // A message in a message in a message, each nearly the whole file: graph, node, attribute, graph, ...
        byte[] bytes = [];
        byte[] tags = [(6 << 3) | 2, (5 << 3) | 2, (1 << 3) | 2];
        for (int i = 0; i < 3000; i++)
            bytes = Message(tags[i % 3], bytes);
        Assert.ThrowsAny<ModelException>(() => Network.Load(Message((7 << 3) | 2, bytes)));

        static byte[] Message(int tag, byte[] content)
        {
            using var stream = new MemoryStream();
            stream.WriteByte((byte)tag);
            for (uint length = (uint)content.Length; ; length >>= 7)
            {
                stream.WriteByte((byte)((length & 127) | (length >= 128 ? 128u : 0)));
                if (length < 128)
                    break;
            }

            stream.Write(content);
            return stream.ToArray();
        }
    }

    [Fact]
    public void PlacesOfPayloads_AreNeverTakenFromTheFile()
    {
        // The reader's private fields, forged: a length of 0 is what the file really holds.
        var tensor = new TensorProto { Name = "w", DataType = 1, RawOffset = 1L << 40, RawLength = 16, FloatsOffset = -8, FloatsLength = 16 };
        tensor.Dims.Add(4);
        ModelException error = Model().Input("x", 1, 4).Tensor(tensor).Node("Add", "x w", "y").Output("y").Refused();
        Assert.Contains("holds 0", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void MissingParts_AreNamed()
    {
        Assert.Contains("'nowhere'", Model().Input("x", 1, 4).Node("Add", "x nowhere", "y").Output("y").Refused().Message, StringComparison.Ordinal);
        Assert.Contains("'z'", Model().Input("x", 1, 4).Node("Relu", "x", "y").Output("z").Refused().Message, StringComparison.Ordinal);
        Assert.Contains("no output", Model().Input("x", 1, 4).Refused().Message, StringComparison.Ordinal);
        Assert.Contains("graph", new ModelProto { IrVersion = 7 }.Refused().Message, StringComparison.Ordinal);
        Assert.Contains("empty", Assert.ThrowsAny<ModelException>(() => Network.Load(ReadOnlyMemory<byte>.Empty)).Message, StringComparison.Ordinal);
        Assert.Contains("two inputs", Model().Input("x", 1).Input("x", 1).Node("Relu", "x", "y").Output("y").Refused().Message, StringComparison.Ordinal);
        Assert.Contains("another node", Model().Input("x", 1).Node("Relu", "x", "y").Node("Tanh", "x", "y").Output("y").Refused().Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(26)]
    public void OpsetOutOfRange_IsRefusedByNumber(int opset) =>
        Assert.Contains($"opset {opset}", Small(opset).Refused().Message, StringComparison.Ordinal);

    [Fact]
    public void OtherDomain_IsRefusedByName()
    {
        ModelProto model = Model().Input("x", 1, 4).Node("FusedConv", "x", "y").Output("y");
        model.Graph.Node[0].Domain = "com.microsoft";
        Assert.Contains("com.microsoft.FusedConv", Assert.IsType<UnsupportedOperatorException>(model.Refused()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WeightThatIsAnInput_IsRefusedWithTheWayOut_AndCanBeBound()
    {
        ModelProto model = Model().Input("x", 1, 4).Input("w", 4, 3).Input("b", 3).Node("Gemm", "x w b", "y").Output("y");
        using (Network network = model.Load(new LoadOptions { Bind = new Dictionary<string, BoundValue> { ["w"] = new(new float[12], 4, 3), ["b"] = new(new float[3], 3) } }))
            Assert.Equal("x", network.Input.Name);
        ModelProto open = Model().Input("x", 1, 2, 5, 5).Input("w", 3, 2, 3, 3).Node("Conv", "x w", "y").Output("y");
        Assert.Contains("LoadOptions.Bind[\"w\"]", open.Refused().Message, StringComparison.Ordinal);
        Assert.Contains("'v'", open.Refused(new LoadOptions { Bind = new Dictionary<string, BoundValue> { ["v"] = new(new float[1], 1) } }).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void UsedOutputsOfTraining_AreRefused()
    {
        Assert.Contains("mask", Model(9).Input("x", 1, 4).Node("Dropout", "x", "d m").Node("Add", "d m", "y").Output("y").Refused().Message, StringComparison.Ordinal);
        Assert.Contains("Indices", Model(9).Input("x", 1, 1, 4, 4).Node("MaxPool", "x", "p i", Ints("kernel_shape", 2, 2)).Node("Add", "p i", "y").Output("y").Refused().Message, StringComparison.Ordinal);
    }
}
