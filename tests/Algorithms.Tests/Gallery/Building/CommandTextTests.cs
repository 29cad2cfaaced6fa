using System.Diagnostics;
using Preimage.Algorithms.Gallery.Building;

namespace Preimage.Algorithms.Tests.Gallery.Building;

/// <summary>Command lines: a shell takes them apart into the words they were made of.</summary>
public sealed class CommandTextTests
{
    static readonly string[] s_words =
    [
        "plain", "two words", "", "it's", "a \"quoted\" word", "$HOME", "`date`", "back\\slash", "star*", "semi;colon", "ünï cödé.png", "(1).png", "a&b", "tab\there", "#5", "~x", "bang!", "'", "C:/x y/z.onnx",
    ];

    [Fact]
    public void Words_SurviveAShell()
    {
        Assert.SkipUnless(File.Exists("/bin/sh"), "no POSIX shell: there is no /bin/sh");
        string line = CommandText.Of(s_words);
        using Process shell = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", $"printf '%s\\n' {line}"]) { RedirectStandardOutput = true })!;
        string[] words = shell.StandardOutput.ReadToEnd().Split('\n')[..^1];
        Assert.Equal(s_words, words);
    }

    [Fact]
    public void PlainWords_StayAsTheyAre() => Assert.Equal(
        "preimage explain a/b.onnx p_1.png --class 3 --scale 0.9,1.1", CommandText.Of("preimage", "explain", "a/b.onnx", "p_1.png", "--class", "3", "--scale", "0.9,1.1"));

    [Theory, InlineData("-x.png", "./-x.png"), InlineData("@x.png", "./@x.png"), InlineData("x-y@z.png", "x-y@z.png")]
    public void Files_AreNoOptions(string file, string argument) => Assert.Equal(argument, CommandText.File(file));

    [Theory, InlineData("fire8/concat", "fire8-concat"), InlineData("..", "picture"), InlineData("a b.png", "a-b.png")]
    public void Words_FitFileNames(string text, string word) => Assert.Equal(word, CommandText.Word(text));

    [Fact]
    public void Options_AreThoseGiven()
    {
        var bare = new GalleryCommands { Model = "m.onnx" };
        Assert.Equal("preimage explain m.onnx cat.png --class 2 --method guided --out cat-2-guided.png", bare.Explain("cat.png", 2, "guided"));
        Assert.Equal("preimage decode m.onnx --node conv1 --units 0-15 --out decode-conv1.png", bare.Decode("conv1", [.. Enumerable.Range(0, 16)]));
        Assert.Equal("preimage decode m.onnx --node conv1 --units 3,7 --out decode-conv1.png", bare.Decode("conv1", [3, 7]));
        var full = new GalleryCommands { Model = "my model.onnx", Structure = "s.prototxt", Preprocess = "unit", Labels = "l.txt", Device = "cpu" };
        Assert.Equal(
            "preimage explain \"my model.onnx\" a.png --structure s.prototxt --class 2 --method guided --labels l.txt --preprocess unit --device cpu --out a-2-guided.png", full.Explain("a.png", 2, "guided"));
        Assert.Equal(
            "preimage invert \"my model.onnx\" a.png --structure s.prototxt --node relu/1 -C 0.5 --iterations 32 --second-phase 6 --seed 9 --preprocess unit --device cpu --frames frames --frame-every 2 --out a-relu-1.png",
            full.Invert("a.png", "relu/1", 0.5, 32, 6, 2, 9));
    }
}
