using Preimage.Layers;
using Preimage.Perf;
using Preimage.Perf.Disassembly;
using Preimage.Perf.Gpu;
using Preimage.Perf.Memory;
using Preimage.Perf.Networks;
using Preimage.Perf.Results;
using Preimage.Surface.Tests.Commands;

namespace Preimage.Surface.Tests;

/// <summary>What is said about speed comes from committed measurements, and the count of instructions counts right.</summary>
public sealed class PerformanceTests
{
    [Fact]
    public void Readme_ShowsTheCommittedResults()
    {
        string page = Repository.Read("README.md");
        int start = page.IndexOf(ReadmeTable.Start, StringComparison.Ordinal) + ReadmeTable.Start.Length;
        Assert.True(start >= ReadmeTable.Start.Length, "README.md has lost the comment its performance tables stand behind");
        int end = page.IndexOf(ReadmeTable.End, start, StringComparison.Ordinal);
        Assert.True(
            page[start..end] == ReadmeTable.Of(Path.Combine(Repository.Root, "perf/results")),
            "README.md does not show what perf/results holds: dotnet run -c Release --project perf -- readme");
    }

    [Fact]
    public void Tables_ShowRowsOfAFolder()
    {
        using var folder = new TemporaryFolder();
        string results = Directory.CreateDirectory(folder["some-processor"]).FullName;
        Row Of(string suite, string name, int threads, double ms, string peer, double? theirs) =>
            new(suite, name, 1, threads, ms, ms, 50, peer, theirs, theirs, ms / theirs, ms / theirs, theirs is null ? "absent: not found" : "1.2");
        ResultFile.Save(Path.Combine(results, "network.json"),
            [Of("network", "vgg-16 guided", 1, 400, "A", 500), Of("network", "vgg-16 guided", 2, 200, "A", 400), Of("network", "vgg-16 guided", 2, 200, "B", null)]);
        ResultFile.Save(Path.Combine(results, "gemm.json"), [Of("gemm", "square 8x8x8", 1, 3, "C", 4), Of("gemm", "square 8x8x8", 2, 2, "C", 1)]);
        ResultFile.Save<MemoryRow>(Path.Combine(results, "memory.json"), [new("memory", "vgg-16 guided", 1, 2, 553, 800, 247, "A", 1000, 447, 0.5526, "1.2")]);
        Assert.Equal(
            """

            `some-processor`

            | network, batch 1, 2 threads | ms | % of peak | / A 1.2 | / B (absent) |
            |---|---|---|---|---|
            | vgg-16 guided | 200.0 | 50 | 0.50 | - |

            | matrix product | 1 thread: % of peak | / C 1.2 | 2 threads: % of peak | / C 1.2 |
            |---|---|---|---|---|
            | square 8x8x8 | 50 | 0.75 | 50 | 2.00 |

            Peak resident memory of VGG-16, guided, batch 1, 2 threads: 800 MB, 247 beyond the parameters; A 1000 and 447 (0.55).


            """.ReplaceLineEndings("\n"),
            ReadmeTable.Of(folder["."]));
    }

    [Theory]
    [InlineData("resnet-18", 1, 0.67, true)]
    [InlineData("squeezenet", 1, 0.66, false)]
    [InlineData("squeezenet", 32, 1.04, true)]
    [InlineData("vgg-16", 1, 1.03, false)]
    public void GpuRows_SayWhetherTheBarIsMet(string network, int batch, double ratio, bool missed)
    {
        var measured = new GpuCase(network, Pass.Named("guided"), batch, Precision.Fast);
        var row = new GpuRow("gpu", "a", batch, measured.Arithmetic, ratio, ratio, 1, 1, 1, "A", 1, 1, ratio, ratio, measured.Bar, "", "1.2");
        Assert.EndsWith(missed ? " MISSED |" : " met |", row.ToMarkdown(), StringComparison.Ordinal);
        Assert.Contains("| tf32 |", row.ToMarkdown(), StringComparison.Ordinal);
    }

    [Fact]
    public void GpuRows_HaveAsManyColumnsAsTheirHeading()
    {
        int columns = GpuRow.Heading.Split('\n')[0].Count(c => c == '|');
        var row = new GpuRow("gpu", "a", 1, "fp32", 1, 1, 1, 1, 1, "A", 1, 1, 1, 1, null, "", "1.2");
        foreach (GpuRow shown in new[] { row, row with { Bar = 1 }, row with { PeerMs = null, PeerVersion = "absent: why" }, row with { Peer = "" } })
            Assert.Equal(columns, shown.ToMarkdown().Count(c => c == '|'));
    }

    /// <summary>A loop around a loop: the inner one counts, its vectors and addresses on the stack and register moves with it, and nothing outside of it.</summary>
    [Fact]
    public void LoopCount_TakesTheInnermostLoopWithTheMostMultiplyAdds()
    {
        string[] listing =
        [
            "G_M1_IG01:                ;; offset=0x0000", "       push     rbp", "       vmovups  zmm9, zmmword ptr [rbp-0x40]",
            "G_M1_IG02:                ;; offset=0x0010", "       vfmadd231ps zmm0, zmm1, zmm2", "       vfmadd231ps zmm0, zmm1, zmm2",
            "G_M1_IG03:                ;; offset=0x0020", "       vbroadcastss zmm1, dword ptr [rdi]", "       vmovaps  zmm4, zmm5", "       vfmadd231ps zmm0, zmm1, zmm2",
            "G_M1_IG04:                ;; offset=0x0030", "       vfmadd213ps zmm6, zmm1, zmmword ptr [rsp+0x40]", "       vmovups  zmm7, zmmword ptr [rsi]", "       mov      r8, qword ptr [rbp-0x48]", "       dec      rdx",
            "       jg       SHORT G_M1_IG03",
            "G_M1_IG05:                ;; offset=0x0040", "       vmovups  zmmword ptr [rcx], zmm0", "       jne      G_M1_IG02",
            "G_M1_IG06:                ;; offset=0x0050", "       jmp      SHORT G_M1_IG07", "G_M1_IG07:", "       ret",
        ];
        Assert.Equal(new LoopCount(MultiplyAdds: 2, Spills: 1, Moves: 1, Calls: 0, Addresses: 1), LoopCount.Hottest(listing));
        Assert.Null(LoopCount.Hottest(listing[..4]));
    }
}
