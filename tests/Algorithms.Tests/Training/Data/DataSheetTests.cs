using Preimage.Algorithms.Imaging;
using Preimage.Algorithms.Training.Data;

namespace Preimage.Algorithms.Tests.Training.Data;

public sealed class DataSheetTests
{
    [Fact]
    public void Draw_ShowsSamplesOfEachClass()
    {
        DataSet data = DataSource.Open("digits,train=40,test=12", 1).Train;
        Picture sheet = DataSheet.Draw(data, perClass: 3, tileWidth: 28), two = DataSheet.Draw(data, perClass: 3, classes: 2, tileWidth: 28);
        Assert.Equal(3 * (28 + 6) + 6, sheet.Width);
        Assert.True(sheet.Height > 10 * 28 && two.Height < sheet.Height / 2);
        // The first tile's pixels are the sample's.
        byte[] zero = Samples.Of(data, 0);
        int top = Enumerable.Range(0, sheet.Height).First(y => Enumerable.Range(0, 28).All(x => Enumerable.Range(0, 28).All(r => y + r < sheet.Height && sheet[6 + x, y + r, 0] == zero[r * 28 + x])));
        Assert.InRange(top, 1, 120);
        Assert.Throws<ArgumentOutOfRangeException>(() => DataSheet.Draw(data, perClass: 0));
        // More than there are: gaps.
        Assert.Equal(6 * (28 + 6) + 6, DataSheet.Draw(data, perClass: 6, tileWidth: 28).Width);
    }

    [Fact]
    public void Read_BeyondTheCache_GivesTheSameBytes()
    {
        // 1 MB keeps 85 of these.
        DataSet little = DataSource.Open("faces,size=64,cache=1", 1).Train, none = DataSource.Open("faces,size=64,cache=0", 1).Train;
        for (int pass = 0; pass < 2; pass++)
            Assert.All(Enumerable.Range(0, 110), i => Assert.Equal(Samples.Of(none, i), Samples.Of(little, i)));
    }
}
