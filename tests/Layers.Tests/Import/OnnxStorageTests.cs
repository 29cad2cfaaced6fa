using System.Runtime.InteropServices;
using Google.Protobuf;
using Preimage.Layers.Import.Onnx.Wire;
using Preimage.Layers.Kinds;
using Preimage.Layers.Weights;
using static Preimage.Layers.Tests.Import.OnnxModels;

namespace Preimage.Layers.Tests.Import;

/// <summary>Where weights lie and in which form: raw, typed, halves, doubles, other files.</summary>
public sealed class OnnxStorageTests : IDisposable
{
    static readonly float[] s_values = [1.5f, -2, 0.25f, 3, -0.5f, 8];

    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("preimage-");

    public void Dispose() => _folder.Delete(recursive: true);

    static ModelProto With(TensorProto tensor)
    {
        tensor.Name = "w";
        if (tensor.Dims.Count == 0)
            tensor.Dims.Add([2, 3]);
        return Model().Input("x", 4, 2).Tensor(tensor).Node("MatMul", "x w", "y").Output("y");
    }

    static WeightSource WeightsOf(Network network) => ((Dense)network.Output.Layer).Weight;

    [Theory]
    [InlineData("raw")]
    [InlineData("float_data")]
    [InlineData("double raw")]
    [InlineData("double_data")]
    [InlineData("fp16 raw")]
    [InlineData("fp16 int32_data")]
    [InlineData("bf16 raw")]
    [InlineData("bf16 int32_data")]
    public void EveryForm_GivesTheSameWeights(string form)
    {
        double[] doubles = Array.ConvertAll(s_values, v => (double)v);
        ushort[] halves = Array.ConvertAll(s_values, v => BitConverter.HalfToUInt16Bits((Half)v));
        ushort[] brains = Array.ConvertAll(s_values, v => (ushort)(BitConverter.SingleToUInt32Bits(v) >> 16));
        TensorProto tensor = form switch
        {
            "raw" => FloatTensor("", [2, 3], s_values),
            "float_data" => new TensorProto { DataType = 1, FloatData = { s_values } },
            "double raw" => RawTensor("", 11, [2, 3], MemoryMarshal.AsBytes(doubles.AsSpan())),
            "double_data" => new TensorProto { DataType = 11, DoubleData = { doubles } },
            "fp16 raw" => RawTensor("", 10, [2, 3], MemoryMarshal.AsBytes(halves.AsSpan())),
            "fp16 int32_data" => new TensorProto { DataType = 10, Int32Data = { halves.Select(h => (int)h) } },
            "bf16 raw" => RawTensor("", 16, [2, 3], MemoryMarshal.AsBytes(brains.AsSpan())),
            _ => new TensorProto { DataType = 16, Int32Data = { brains.Select(h => (int)h) } },
        };
        using Network network = With(tensor).Load();
        Assert.Equal(s_values, WeightsOf(network).ToArray());
        var middle = new float[3];
        WeightsOf(network).Read(2, middle);
        Assert.Equal(s_values[2..5], middle);
    }

    [Theory]
    [InlineData(8)]
    [InlineData(14)]
    [InlineData(17)]
    [InlineData(99)]
    public void OtherTypes_AreRefusedByName(int type) =>
        Assert.Contains("type", With(new TensorProto { DataType = type, RawData = ByteString.CopyFrom(new byte[24]) }).Refused().Message, StringComparison.Ordinal);

    [Fact]
    public void PayloadOfAnotherLength_IsRefused() =>
        Assert.Contains("20 bytes", With(RawTensor("", 1, [2, 3], new byte[20])).Refused().Message, StringComparison.Ordinal);

    [Fact]
    public void MappedFile_KeepsWeightsInPlace_UntilTheLastHolderIsGone()
    {
        string path = Write(With(FloatTensor("", [2, 3], s_values)));
        Network network = Network.Load(path);
        WeightSource weights = WeightsOf(network);
        Assert.IsType<MappedWeights>(weights);
        Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(path))), network.Hash);
        network.RetainWeights();
        network.Dispose();
        Assert.Equal(s_values, weights.ToArray());
        network.ReleaseWeights();
        Assert.Throws<ObjectDisposedException>(() => weights.ToArray());
    }

    [Fact]
    public void SavedOverItself_StaysReadable_AndReadsBack()
    {
        string path = Write(Small());
        using Network network = Network.Load(path);
        var before = ((Convolution)network.Nodes["conv"].Layer).Weight.ToArray();
        network.Save(path);
        Assert.Equal(before, ((Convolution)network.Nodes["conv"].Layer).Weight.ToArray());
        using Network again = Network.Load(path);
        Assert.Equal(before, ((Convolution)again.Nodes["conv"].Layer).Weight.ToArray());
        Assert.Equal(network.Nodes.Select(n => n.Name), again.Nodes.Select(n => n.Name));
        Assert.Single(_folder.GetFiles());
    }

    [Fact]
    public void CopiedFile_MayBeCutShort()
    {
        string path = Write(With(FloatTensor("", [2, 3], s_values)));
        using Network network = Network.Load(path, new LoadOptions { Copy = true });
        File.WriteAllBytes(path, []);
        Assert.Equal(s_values, WeightsOf(network).ToArray());
    }

    [Fact]
    public void Stream_IsReadFromWhereItStands()
    {
        using var stream = new MemoryStream([1, 2, 3, .. With(FloatTensor("", [2, 3], s_values)).ToByteArray()]) { Position = 3 };
        using Network network = Network.Load(stream);
        Assert.Equal(s_values, WeightsOf(network).ToArray());
    }

    [Fact]
    public void ExternalData_IsMapped()
    {
        Directory.CreateDirectory(Path.Combine(_folder.FullName, "data"));
        File.WriteAllBytes(Path.Combine(_folder.FullName, "data", "w.bin"), [.. new byte[8], .. MemoryMarshal.AsBytes(s_values.AsSpan())]);
        using Network network = Network.Load(Write(With(External("data/w.bin", "8", "24"))));
        Assert.Equal(s_values, WeightsOf(network).ToArray());
        Assert.True(WeightsOf(network).TryGetAddress(out _));
    }

    [Theory]
    [InlineData("../w.bin", "0", "24", "own folder")]
    [InlineData("sub/../../w.bin", "0", "24", "own folder")]
    [InlineData("/etc/passwd", "0", "24", "own folder")]
    [InlineData("C:\\w.bin", "0", "24", "own folder")]
    [InlineData("..\\w.bin", "0", "24", "own folder")]
    [InlineData("", "0", "24", "own folder")]
    [InlineData("link/w.bin", "0", "24", "own folder")]
    [InlineData("absent.bin", "0", "24", "cannot be read")]
    [InlineData("w.bin", "8", "24", "not inside")]
    [InlineData("w.bin", "9223372036854775807", "24", "not inside")]
    [InlineData("w.bin", "-4", "24", "offset")]
    [InlineData("w.bin", "0", "23", "23 bytes")]
    public void ExternalData_OutOfPlace_IsRefused(string location, string offset, string length, string reason)
    {
        DirectoryInfo inner = _folder.CreateSubdirectory("model");
        File.WriteAllBytes(Path.Combine(_folder.FullName, "w.bin"), new byte[24]);
        File.WriteAllBytes(Path.Combine(inner.FullName, "w.bin"), new byte[24]);
        Directory.CreateSymbolicLink(Path.Combine(inner.FullName, "link"), _folder.FullName);
        string path = Path.Combine(inner.FullName, "model.onnx");
        File.WriteAllBytes(path, With(External(location, offset, length)).ToByteArray());
        Assert.Contains(reason, Assert.ThrowsAny<ModelException>(() => Network.Load(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ExternalData_OfAModelWithoutAFile_IsRefused() =>
        Assert.Contains("path", With(External("w.bin", "0", "24")).Refused().Message, StringComparison.Ordinal);

    static TensorProto External(string location, string offset, string length)
    {
        var tensor = new TensorProto { DataType = 1, DataLocation = 1 };
        foreach ((string key, string value) in new[] { ("location", location), ("offset", offset), ("length", length) })
            tensor.ExternalData.Add(new StringStringEntryProto { Key = key, Value = value });
        return tensor;
    }

    string Write(ModelProto model)
    {
        string path = Path.Combine(_folder.FullName, "model.onnx");
        File.WriteAllBytes(path, model.ToByteArray());
        return path;
    }
}
