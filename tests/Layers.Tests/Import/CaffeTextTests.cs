using System.Text;

namespace Preimage.Layers.Tests.Import;

/// <summary>The text form of protobuf: all it may be written in.</summary>
public sealed class CaffeTextTests
{
    static Network Load(string text) => Network.Load(Encoding.UTF8.GetBytes(text), new LoadOptions { Seed = 1 });

    [Theory]
    [InlineData("# a comment\nname: \"n\" input: \"data\" input_shape { dim: [1, 2, 6, 8] }\nlayer { name: \"p\" type: \"Pooling\" bottom: \"data\" top: \"p\" pooling_param { kernel_size: 2 stride: 2 } }")]
    [InlineData("input:'data';input_dim:1,input_dim:2 input_dim:0x6 input_dim:8;layer<name:'p',type:'Pool' 'ing' bottom:'data' top:'p' pooling_param:<kernel_size:2 stride:2>>")]
    [InlineData("\uFEFFinput: 'data' input_dim: [1, 2, 6, 8]\r\nlayers: {\r\n  name: 'p' # pool\r\n  type: POOLING bottom: 'data' top: 'p' blobs_lr: 1 pooling_param { kernel_size: 2 stride: 2 pool: MAX engine: MKL2017 }\r\n  my_param { a: -inf b: [1.5f, 2e-3] c { d: WORD } }\r\n}\r\n")]
    public void EveryWayOfWriting_IsTheSameNetwork(string text)
    {
        using Network network = Load(text);
        Assert.Equal(new Shape(1, 2, 6, 8), network.InputShape);
        Assert.Equal("p", network.Output.Name);
        Assert.Equal(new Shape(1, 2, 3, 4), network.InferShapes()[^1]);
    }

    [Fact]
    public void ALetterBeyondAscii_IsTextAllTheSame()
    {
        byte[] text = [.. "name: 'n' # by J"u8, 0xF6, .. "rg\ninput: 'data' input_dim: [1, 2, 6, 8] layer { name: 'r' type: 'ReLU' bottom: 'data' top: 'r' }"u8];
        using var network = Network.Load(text);
        Assert.Equal("r", network.Output.Name);
    }

    [Theory]
    [InlineData("input: 'data", "a text has no end")]
    [InlineData("input: 'data' layer { name }", "a colon or a brace belongs behind name")]
    [InlineData("input: 'data' input_dim: 1.5", "1.5 is no value for input_dim")]
    [InlineData("input: 'data' input_dim: 1-2", "line 1")]
    [InlineData("input: 'data' input_dim: [1, 2", "a list ends with ]")]
    [InlineData("input: @", "the sign '@' means nothing here")]
    [InlineData("name: 'empty'", "the network's structure has no layers")]
    [InlineData("layer { include { phase: { } } }", "phase is no message")]
    public void ASlipOfThePen_IsNamedWithItsLine(string text, string expected) =>
        Assert.Contains(expected, Assert.Throws<ModelException>(() => Load(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void DeepNesting_IsRefused()
    {
        string text = "layer { " + string.Concat(Enumerable.Repeat("a { ", 100_000));
        Assert.Contains("nested more than 16 deep", Assert.Throws<ModelException>(() => Load(text)).Message, StringComparison.Ordinal);
    }
}
