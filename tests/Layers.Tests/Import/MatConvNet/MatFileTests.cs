using System.Text;
using Preimage.Layers.Import.Matlab;
using Preimage.Layers.Weights;
using Preimage.Tests.Shared;

namespace Preimage.Layers.Tests.Import.MatConvNet;

/// <summary>The container by itself: every class and stored type, nesting, endianness, compression, limits.</summary>
public class MatFileTests
{
    public static TheoryData<bool, bool> Forms => new() { { false, false }, { true, false }, { false, true }, { true, true } };

    [Theory]
    [MemberData(nameof(Forms))]
    public void Numbers_of_every_class_and_stored_type_read_back(bool compress, bool bigEndian)
    {
        double[] small = [0, 1, 2, 100, 127], signed = [-128, -1, 0, 5, 127];
        MatClass[] classes = [.. Enum.GetValues<MatClass>().Where(c => c.IsNumeric())];
        MatType[] types = [.. Enum.GetValues<MatType>().Where(t => t.Size() > 0 && t < MatType.Utf8)];
        var variables = new List<MatNode>();
        foreach (MatClass type in classes)
        {
            foreach (MatType stored in types)
            {
                bool hasSign = stored is not (MatType.UInt8 or MatType.UInt16 or MatType.UInt32 or MatType.UInt64);
                variables.Add(MatNode.Array([5, 1], hasSign ? signed : small, type, stored).Named($"v{variables.Count}"));
            }
        }

        IReadOnlyDictionary<string, MatArray> read = Read(MatNode.File(variables, compress, bigEndian));
        Assert.Equal(classes.Length * types.Length, read.Count);
        foreach (MatNode expected in variables)
        {
            MatArray actual = read[expected.Name];
            Assert.Equal(expected.Class, actual.Class);
            Assert.Equal(expected.Extents, actual.Extents);
            Assert.Equal(expected.Numbers, Enumerable.Range(0, actual.Count).Select(actual.Number));
        }
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void Text_cells_and_structs_read_back(bool compress, bool bigEndian)
    {
        MatNode utf8 = MatNode.Text("chat");
        utf8.Stored = MatType.Utf8;
        MatNode one = MatNode.Struct(("name", MatNode.Text("größe")), ("value", MatNode.Row(1.5, 1e9))), two = MatNode.Struct(("name", utf8), ("value", MatNode.Array([0, 0], [])));
        MatNode root = MatNode.Struct(("list", MatNode.StructArray(one, two)), ("cells", MatNode.Cell(MatNode.Cell(MatNode.Row(3)), MatNode.Text(""))));
        MatArray read = Read(MatNode.File([root.Named("root")], compress, bigEndian))["root"];
        MatArray list = read.Field("list")!, cells = read.Field("cells")!;
        Assert.Equal([1, 2], list.Extents);
        Assert.Equal("größe", list.Field("name")!.Text);
        Assert.Equal([1.5, 1e9], list.Field("value")!.Doubles!);
        Assert.Equal("chat", list.Field("name", 1)!.Text);
        Assert.Equal(0, list.Field("value", 1)!.Count);
        Assert.Null(list.Field("value", 2));
        Assert.Null(list.Field("absent"));
        Assert.Equal(3, cells.Children![0].Children![0].Number(0));
        Assert.Equal("", cells.Children[1].Text);
    }

    [Fact]
    public void A_file_that_MATLAB_wrote_reads()
    {
        // MATLAB's own, compressed: the one number that spec section 2.2 gives.
        using MappedFile file = MappedFile.Open(ReferenceData.Path("photos/deep_goggle/x0_sigma.mat"), copy: true);
        MatArray sigma = MatFile.Read(file)["x0_sigma"];
        Assert.Equal(MatClass.Double, sigma.Class);
        Assert.Equal([1, 1], sigma.Extents);
        Assert.Equal(27098.11571533203, sigma.Number(0));
    }

    [Fact]
    public void The_bytes_of_the_format_s_description_read()
    {
        // Written out by hand: array flags 6 (double), 1x1, name "a" as a small element, the number 258 as a small 16-bit element.
        byte[] body =
        [
            6, 0, 0, 0, 8, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0, 8, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0,
            1, 0, 1, 0, (byte)'a', 0, 0, 0, 4, 0, 2, 0, 2, 1, 0, 0,
        ];
        byte[] file = [.. Encoding.ASCII.GetBytes("MATLAB 5.0 MAT-file".PadRight(124)), 0, 1, (byte)'I', (byte)'M', 14, 0, 0, 0, (byte)body.Length, 0, 0, 0, .. body];
        Assert.Equal(258, Read(file)["a"].Number(0));
    }

    [Fact]
    public void What_holds_no_numbers_is_passed_over_and_named()
    {
        MatNode sparse = MatNode.Row(1, 2, 3).Named("s"), complex = MatNode.Row(1, 2).Named("c");
        sparse.Class = MatClass.Sparse;
        complex.IsComplex = true;
        IReadOnlyDictionary<string, MatArray> read = Read(MatNode.File([sparse, complex, MatNode.Row(7).Named("n")]));
        Assert.Equal("1x3 sparse", read["s"].ToString());
        Assert.Equal("1x2 complex double", read["c"].ToString());
        Assert.Equal(7, read["n"].Number(0));
    }

    [Fact]
    public void Version_7_3_is_refused_with_the_way_out()
    {
        byte[] text = Encoding.ASCII.GetBytes("MATLAB 7.3 MAT-file, Platform: GLNXA64, Created on: Thu Jan  1 00:00:00 2015 HDF5 schema 1.00 .".PadRight(600));
        foreach (byte[] file in new[] { text, [0x89, (byte)'H', (byte)'D', (byte)'F', 13, 10, 26, 10, .. new byte[200]] })
        {
            string message = Assert.Throws<ModelException>(() => Network.Load(file)).Message;
            Assert.Contains("HDF5", message);
            Assert.Contains("-v7'", message);
        }
    }

    [Theory]
    [InlineData(40, "deep")]
    [InlineData(20, null)]
    public void Depth_is_limited(int depth, string? expected)
    {
        MatNode node = MatNode.Row(1);
        for (int i = 0; i < depth; i++)
            node = MatNode.Cell(node);
        byte[] file = MatNode.File([node.Named("deep")]);
        if (expected is null)
            Assert.Single(Read(file));
        else
            Assert.Contains(expected, Assert.Throws<ModelException>(() => Read(file)).Message);
    }

    [Fact]
    public void Claims_beyond_the_file_cost_no_memory()
    {
        MatNode numbers = MatNode.Row(1), cells = MatNode.Cell();
        numbers.Extents = [30000, 60000];
        cells.Extents = [30000, 60000];
        foreach (MatNode node in new[] { numbers, cells })
        {
            foreach (bool compress in new[] { false, true })
            {
                byte[] file = MatNode.File([node.Named("big")], compress);
                long before = GC.GetAllocatedBytesForCurrentThread();
                Assert.Throws<ModelException>(() => Read(file));
                Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1 << 20);
            }
        }
    }

    [Fact]
    public void Arrays_are_counted_where_compression_hides_how_many_there_are()
    {
        // 300,000 empty arrays are 17 MB in the open and less than a hundredth of it compressed.
        byte[] file = MatNode.File([MatNode.Cell(Enumerable.Range(0, 300_000).Select(_ => MatNode.Array([0, 0], []))).Named("many")], compress: true);
        Assert.True(file.Length < 300_000, $"{file.Length} bytes");
        Assert.Contains("262144 arrays", Assert.Throws<ModelException>(() => Read(file)).Message);
    }

    [Fact]
    public void A_file_cut_anywhere_is_refused()
    {
        foreach ((bool compress, bool bigEndian) in new[] { (false, false), (true, true) })
        {
            byte[] whole = MatNode.File([MatNode.Cell(MatNode.Row(1, 2.5), MatNode.Text("abc")).Named("c")], compress, bigEndian);
            for (int length = 1; length < whole.Length; length++)
            {
                // A file that ends behind its header holds no variables, and says so later.
                if (length == 128)
                    continue;
                byte[] cut = whole[..length];
                Assert.ThrowsAny<ModelException>(() => Read(cut));
            }
        }
    }

    static IReadOnlyDictionary<string, MatArray> Read(byte[] bytes)
    {
        using MappedFile file = MappedFile.Of(bytes);
        return MatFile.Read(file);
    }
}
