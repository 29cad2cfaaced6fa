using Preimage.Algorithms.Training.Data;

namespace Preimage.Algorithms.Tests.Training.Data;

public sealed class SourceTextTests
{
    [Theory]
    [InlineData("", "'' is no kind of data; there are mnist:DIR")]
    [InlineData("imagenet:x", "'imagenet' is no kind of data")]
    [InlineData("mnist", "'mnist' needs a folder: mnist:DIR")]
    [InlineData("digits:x", "'digits' is drawn and takes no folder")]
    [InlineData("digits,train=0", "train=0 is not a whole number from 1 to 2147483647")]
    [InlineData("digits,train=ten", "train=ten is not")]
    [InlineData("digits,train=5,train=6", "'train' is given twice")]
    [InlineData("digits,size=5", "'digits' has no option 'size'; it has train, test, cache")]
    [InlineData("faces,task=age", "task=age is none of identity, emotion")]
    [InlineData("faces,size=5000", "size=5000 is not a whole number from 1 to 4096")]
    [InlineData("faces,cache=-1", "cache=-1 is not a whole number of MB")]
    [InlineData("rafd:.,crop=1,2,3", "crop=1,2,3 is not TOP,LEFT,HEIGHT,WIDTH")]
    public void Open_OtherTexts_SayWhatIsWrong(string text, string message)
    {
        var error = Assert.Throws<FormatException>(() => DataSource.Open(text, 0));
        Assert.StartsWith($"data '{text}': ", error.Message);
        Assert.Contains(message, error.Message);
    }

    [Fact]
    public void Parse_FolderWithCommasAndColons()
    {
        var text = SourceText.Parse("rafd:/a:b,c,size=5,crop=1,2,3,4");
        Assert.Equal("rafd", text.Kind);
        Assert.Contains("/a:b,c:", Assert.Throws<DataFormatException>(text.Folder).Message);
        Assert.Equal("1,2,3,4", text.Text("crop"));
        Assert.Equal(5, text.Number("size", 1));
    }

    [Theory]
    [InlineData("digits", true)]
    [InlineData("faces,size=64", true)]
    [InlineData("mnist:data/mnist", true)]
    [InlineData("faces64", false)]
    [InlineData("./digits", false)]
    [InlineData("C:/data", false)]
    public void Kinds_AreToldFromFolders(string text, bool isKind) => Assert.Equal(isKind, DataSource.IsNamedBy(text));
}
