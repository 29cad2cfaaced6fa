using System.Buffers.Binary;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Text;
using Preimage.Layers.Arrays;
using Preimage.Layers.Kinds;
using Preimage.Layers.Tests.Import;
using Preimage.Layers.Tests.Import.MatConvNet;
using Preimage.Layers.Topologies;
using Preimage.Layers.Weights;
using Preimage.Tests.Shared;

namespace Preimage.Layers.Tests.Weights;

/// <summary>Weights of .npz and safetensors files in a network, by name and in order, in the three layouts.</summary>
public sealed class WeightFileTests : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("weights").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void LeNet_s_weights_make_another_LeNet_the_same(bool safetensors)
    {
        using Network source = Topology.LeNet(1), target = Topology.ByName("lenet", 2);
        List<(string, int[], float[])> arrays = Ours(source);
        string path = safetensors ? Safetensors(arrays) : Npz(arrays);
        using Network copy = target.WithWeights(WeightFile.Load(path));
        Assert.Equal(SmallMatNets.Run(source), SmallMatNets.Run(copy));
        Assert.NotEqual(SmallMatNets.Run(source), SmallMatNets.Run(target));
        Assert.Equal(target.Nodes.Select(n => $"{n}"), copy.Nodes.Select(n => $"{n}"));
        Assert.Equal("", copy.Hash);
    }

    [Fact]
    public void TensorFlow_has_rows_columns_channels()
    {
        // The keys and orders of vgg16_weights.npz (spec section 2.2) on a small network: conv HWIO, dense rows in the order y, x, c.
        using Network source = Small(1), target = Small(2);
        float[] conv = Values(source, "conv1", "weight"), dense = Values(source, "fc6", "weight");
        var hwio = new float[conv.Length];
        for (int k = 0; k < 4; k++) for (int c = 0; c < 3; c++) for (int y = 0; y < 3; y++) for (int x = 0; x < 2; x++)
            hwio[((y * 2 + x) * 3 + c) * 4 + k] = conv[((k * 3 + c) * 3 + y) * 2 + x];
        var rows = new float[dense.Length];
        for (int o = 0; o < 5; o++) for (int c = 0; c < 4; c++) for (int y = 0; y < 3; y++) for (int x = 0; x < 5; x++)
            rows[((y * 5 + x) * 4 + c) * 5 + o] = dense[((o * 4 + c) * 3 + y) * 5 + x];
        string path = Npz([("conv1_W", [3, 2, 3, 4], hwio), ("conv1_b", [4], Values(source, "conv1", "bias")), ("fc6_W", [60, 5], rows), ("fc6_b", [5], Values(source, "fc6", "bias"))]);
        using Network copy = target.WithWeights(WeightFile.Load(path), WeightLayout.TensorFlow);
        Assert.Equal(SmallMatNets.Run(source), SmallMatNets.Run(copy));
    }

    [Fact]
    public void Lasagne_has_arrays_in_order_and_dense_layers_by_input()
    {
        using Network source = Small(1), target = Small(2);
        float[] dense = Values(source, "fc6", "weight"), byInput = new float[dense.Length];
        for (int o = 0; o < 5; o++) for (int i = 0; i < 60; i++)
            byInput[i * 5 + o] = dense[o * 60 + i];
        string path = Npz([("arr_0", [4, 3, 3, 2], Values(source, "conv1", "weight")), ("arr_1", [4], Values(source, "conv1", "bias")), ("arr_2", [60, 5], byInput), ("arr_3", [5], Values(source, "fc6", "bias"))]);
        using Network copy = target.WithWeights(WeightFile.Load(path), WeightLayout.Theano, WeightMatch.Order);
        Assert.Equal(SmallMatNets.Run(source), SmallMatNets.Run(copy));
    }

    [Fact]
    public void A_dense_layer_and_the_convolution_it_equals_take_each_other_s_arrays()
    {
        using Network source = Small(1), target = Small(2);
        List<(string Name, int[] Extents, float[] Values)> arrays = Ours(source);
        int fc6 = arrays.FindIndex(a => a.Name == "fc6.weight");
        arrays[fc6] = ("fc6.weight", [5, 4, 3, 5], arrays[fc6].Values);
        using Network copy = target.WithWeights(WeightFile.Load(Safetensors(arrays)));
        Assert.Equal(SmallMatNets.Run(source), SmallMatNets.Run(copy));
    }

    [Fact]
    public void Batch_normalisation_is_found_under_PyTorch_s_names_and_integers_are_left_out()
    {
        var builder = new NetworkBuilder();
        builder.Output(builder.Add("bn", new BatchNormalisation { Scale = One(1), Shift = One(0), Mean = One(0), Variance = One(1), Epsilon = 0 }, builder.Input("x", new Shape(1, 1, 1, 1))));
        using Network network = builder.Build();
        string path = Safetensors([("bn.weight", [1], [3]), ("bn.bias", [1], [1]), ("bn.running_mean", [1], [2]), ("bn.running_var", [1], [4])], ("bn.num_batches_tracked", "I64", new byte[8]));
        using Network copy = network.WithWeights(WeightFile.Load(path));
        Assert.Equal([3 * (10 - 2) / 2f + 1], SmallMatNets.Run(copy, [10]));
        static MemoryWeights One(float value) => new([value], 1);
    }

    [Fact]
    public void Halves_are_widened()
    {
        Half[] halves = [(Half)1.5f, (Half)(-0.1f)];
        byte[] brain = [0x80, 0x3F, 0x20, 0xC0];
        IReadOnlyList<KeyValuePair<string, WeightSource>> read = WeightFile.Load(Safetensors([("f", [1, 2], [1, 2])], ("h", "F16", MemoryMarshal.AsBytes(halves.AsSpan()).ToArray()), ("b", "BF16", brain)));
        Assert.Equal(["f", "h", "b"], read.Select(r => r.Key));
        Assert.Equal([1.5f, (float)(Half)(-0.1f)], read[1].Value.ToArray());
        Assert.Equal([1, -2.5f], read[2].Value.ToArray());
    }

    [Fact]
    public void Constants_of_a_loaded_network_stay_readable_when_it_is_disposed()
    {
        Network loaded = OnnxModels.Model().Input("x", 1, 2).Floats("w", [2, 2], 1, 2, 3, 4).Floats("many", [1, 2], 10, 20)
            .Node("Gemm", "x w", "d").Node("Add", "d many", "y").Output("y").Load();
        using Network copy = loaded.WithWeights([new("d.weight", new MemoryWeights([1, 0, 0, 1], 2, 2))]);
        loaded.Dispose();
        Assert.Equal([15, 26], SmallMatNets.Run(copy, [5, 6]));
        Assert.Throws<ObjectDisposedException>(() => loaded.WithWeights([]));
    }

    [Fact]
    public void What_does_not_match_is_named()
    {
        using Network network = Small(1);
        List<(string Name, int[] Extents, float[] Values)> arrays = Ours(network);
        string Refused(List<(string, int[], float[])> given, WeightMatch match = WeightMatch.Name, WeightLayout layout = WeightLayout.OutputFirst) =>
            Assert.Throws<PreimageException>(() => network.WithWeights(WeightFile.Load(Npz(given)), layout, match)).Message;
        Assert.Contains("(fc6.bias), 1 of 4 arrays have no weight (fc7.bias)", Refused([.. arrays[..3], ("fc7.bias", [5], new float[5])]));
        Assert.Contains("give one of them", Refused([.. arrays, ("fc6_b", [5], new float[5])]));
        Assert.Contains("array 'conv1.weight' (4x3x2x3, layout OutputFirst) does not fit conv1.weight (4x3x3x2)", Refused([("conv1.weight", [4, 3, 2, 3], arrays[0].Values), .. arrays[1..]]));
        Assert.Contains("3 arrays are given", Refused(arrays[..3], WeightMatch.Order));
        Assert.Contains("layout TensorFlow", Refused(arrays, layout: WeightLayout.TensorFlow));
    }

    [Fact]
    public void Damaged_safetensors_give_errors_of_ours()
    {
        byte[] whole = File.ReadAllBytes(Safetensors([("a", [2, 3], new float[6]), ("b", [4], new float[4])]));
        int errors = 0;
        for (int i = 0; i < 10_000; i++)
        {
            byte[] mutant = OnnxMutations.Bytes(whole, new Random(i));
            long before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                WeightFile.Load(new MemoryStream(mutant));
            }
            catch (ArrayFormatException)
            {
                errors++;
            }

            Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1 << 20, $"mutant {i}");
        }

        Assert.InRange(errors, 1000, 9999);
        for (int length = 0; length < whole.Length; length++)
            Assert.Throws<ArrayFormatException>(() => WeightFile.Load(new MemoryStream(whole, 0, length)));
    }

    [Theory]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}""", "starts at byte 4")]
    [InlineData("""{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,12]},"a":{"dtype":"F32","shape":[0],"data_offsets":[12,12]}}""", "twice")]
    [InlineData("""{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}""", "claims bytes 0 to 8")]
    [InlineData("""{"a":{"dtype":"F8_E4M3","shape":[12],"data_offsets":[0,12]}}""", "F8_E4M3")]
    [InlineData("""{"a":{"dtype":"F32","shape":[65536,65536,65536],"data_offsets":[0,12]}}""", "at most")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", "8 bytes, 12 are there")]
    public void Headers_that_lie_are_refused(string header, string expected)
    {
        byte[] file = [.. BitConverter.GetBytes((long)header.Length), .. Encoding.ASCII.GetBytes(header), .. new byte[12]];
        Assert.Contains(expected, Assert.Throws<ArrayFormatException>(() => WeightFile.Load(new MemoryStream(file))).Message);
    }

    /// <summary>A convolution of 4 filters 3x2 over 3x5x6, and a dense layer over its 4x3x5.</summary>
    static Network Small(ulong seed)
    {
        var builder = new NetworkBuilder();
        Node x = builder.Input("x", new Shape(1, 3, 5, 6));
        x = builder.Add("conv1", new Convolution { Weight = Draw.Weights(seed, 1, 4, 3, 3, 2), Bias = Draw.Weights(seed + 10, 1, 4), Sliding = new Window { Kernel = (3, 2) } }, x);
        x = builder.Add("flat", new Flatten(), x);
        builder.Output(builder.Add("fc6", new Dense { Weight = Draw.Weights(seed + 20, 1, 5, 60), Bias = Draw.Weights(seed + 30, 1, 5), OutputMajor = true }, x));
        return builder.Build();
    }

    static float[] Values(Network network, string node, string role) => network.Nodes[node].Layer.Weights.First(w => w.Key == role).Value.ToArray();

    static List<(string Name, int[] Extents, float[] Values)> Ours(Network network) =>
        [.. network.Nodes.SelectMany(n => n.Layer.Weights.Select(w => ($"{n.Name}.{w.Key}", w.Value.Extents.ToArray(), w.Value.ToArray())))];

    string Npz(List<(string Name, int[] Extents, float[] Values)> arrays)
    {
        string path = Path.Combine(_folder, "weights.npz");
        NpzFile.Save(path, arrays.Select(a => new KeyValuePair<string, NpyArray>(a.Name, NpyArray.From(Tensor.Create(a.Values, [.. a.Extents.Select(e => (nint)e)]).AsReadOnlyTensorSpan()))));
        return path;
    }

    /// <summary>Writes safetensors from the format's description, apart from the reader.</summary>
    string Safetensors(List<(string Name, int[] Extents, float[] Values)> arrays, params (string Name, string Type, byte[] Bytes)[] others)
    {
        var data = new MemoryStream();
        var header = new StringBuilder("{\"__metadata__\":{\"format\":\"pt\"}");
        foreach ((string name, int[] extents, float[] values) in arrays)
            Append(name, "F32", string.Join(',', extents), MemoryMarshal.AsBytes(values.AsSpan()).ToArray());
        foreach ((string name, string type, byte[] bytes) in others)
            Append(name, type, type == "I64" ? "" : $"{bytes.Length / 2}", bytes);
        byte[] json = Encoding.UTF8.GetBytes(header.Append('}').ToString());
        var length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, json.Length);
        string path = Path.Combine(_folder, "weights.safetensors");
        File.WriteAllBytes(path, [.. length, .. json, .. data.ToArray()]);
        return path;

        void Append(string name, string type, string extents, byte[] bytes)
        {
            header.Append($",\"{name}\":{{\"dtype\":\"{type}\",\"shape\":[{extents}],\"data_offsets\":[{data.Length},{data.Length + bytes.Length}]}}");
            data.Write(bytes);
        }
    }
}
