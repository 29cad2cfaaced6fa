using System.Runtime.CompilerServices;
using Preimage.Native.Cuda;

namespace Preimage.Interop.Tests.Bindings;

/// <summary>A wrong signature or value shows nowhere but in results: every import is held against a committed table of the headers' facts.</summary>
public sealed unsafe class BindingTests
{
    [Fact]
    public void Imports_HaveTheWidthsOfTheCommittedTable() =>
        AssertEqual(Table("signatures.txt"), Bound.Signatures().ToDictionary(p => p.Key, p => p.Value), "signatures.txt");

    [Fact]
    public void Constants_HaveTheValuesOfTheCommittedTable() =>
        AssertEqual(Table("constants.txt"), Bound.Constants().ToDictionary(p => p.Key, p => $"{p.Value}"), "constants.txt");

    [Fact]
    public void CommittedSignatures_AreThoseOfTheHeaders()
    {
        var headers = Annex.Signatures();
        AssertEqual(Bound.Signatures().Keys.ToDictionary(n => n, n => headers.GetValueOrDefault(n, "not declared")), Table("signatures.txt"), "the headers");
    }

    [Fact]
    public void CommittedConstants_AreThoseOfTheHeaders()
    {
        var headers = Annex.Constants();
        AssertEqual(Bound.Constants().Keys.ToDictionary(n => n, n => headers.TryGetValue(n, out int v) ? $"{v}" : "not declared"), Table("constants.txt"), "the headers");
    }

    [Fact]
    public void Structures_HaveTheSizesAndOffsetsOfTheHeaders()
    {
        Assert.Equal(88, sizeof(CUmemPoolProps));
        CUmemPoolProps pool;
        Assert.Equal(16, (byte*)&pool.win32SecurityAttributes - (byte*)&pool);
        Assert.Equal(24, (byte*)&pool.maxSize - (byte*)&pool);
        Assert.Equal(32, (byte*)&pool.usage - (byte*)&pool);
        Assert.Equal(128, sizeof(CUDA_MEMCPY2D));
        CUDA_MEMCPY2D copy;
        Assert.Equal(24, (byte*)&copy.srcHost - (byte*)&copy);
        Assert.Equal(56, (byte*)&copy.dstXInBytes - (byte*)&copy);
        Assert.Equal(112, (byte*)&copy.WidthInBytes - (byte*)&copy);
        Assert.Equal(24, sizeof(CUgraphExecUpdateResultInfo));
        CUgraphExecUpdateResultInfo update;
        Assert.Equal(8, (byte*)&update.errorNode - (byte*)&update);
        Assert.Equal(48, sizeof(cudnnConvolutionPerf));
        cudnnConvolutionPerf perf;
        Assert.Equal(16, (byte*)&perf.memory - (byte*)&perf);
        Assert.Equal(24, (byte*)&perf.determinism - (byte*)&perf);
        Assert.Equal(28, (byte*)&perf.mathType - (byte*)&perf);
        Assert.Equal(16, Unsafe.SizeOf<CUuuid>());
    }

    static Dictionary<string, string> Table(string name)
    {
        using var reader = new StreamReader(typeof(BindingTests).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Trim().Split(' ')).ToDictionary(w => w[0], w => w[1]);
    }

    static void AssertEqual(Dictionary<string, string> expected, Dictionary<string, string> actual, string where)
    {
        string[] differences =
        [
            .. expected.Where(p => !actual.ContainsKey(p.Key)).Select(p => $"{p.Key} {p.Value} is in {where} only"),
            .. actual.Where(p => !expected.ContainsKey(p.Key)).Select(p => $"{p.Key} {p.Value} is not in {where}"),
            .. actual.Where(p => expected.TryGetValue(p.Key, out string? e) && e != p.Value).Select(p => $"{p.Key} is {p.Value}, {where} says {expected[p.Key]}"),
        ];
        Assert.True(differences.Length == 0, string.Join("\n", differences));
    }
}
