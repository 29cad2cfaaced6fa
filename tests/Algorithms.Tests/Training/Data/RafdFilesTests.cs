using Preimage.Algorithms.Imaging;
using Preimage.Algorithms.Training.Data;
using Preimage.Algorithms.Training.Data.Faces;

namespace Preimage.Algorithms.Tests.Training.Data;

public sealed class RafdFilesTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Open_KeepsThreeAnglesAndHalvesThem()
    {
        foreach (int angle in new[] { 0, 45, 90, 135, 180 })
        {
            foreach (int subject in new[] { 1, 7, 61 })
            {
                foreach (string emotion in new[] { "angry", "sad" })
                    Save($"Rafd{angle:d3}_{subject:d2}_Caucasian_female_{emotion}_frontal.png");
            }
        }

        Save("portrait.png");
        DataSplit split = Open(",size=4");
        Assert.Equal((9, 9), (split.Train.Count, split.Test.Count));
        Assert.Equal(["01", "07", "61"], split.Train.Classes);
        FaceAttributes[] train = Samples.Faces(split.Train), test = Samples.Faces(split.Test);
        Assert.Equal(18, train.Concat(test).Distinct().Count());
        Assert.All(train.Concat(test), face => Assert.Contains(face.Angle, FaceSplit.Angles));
        Assert.Equal(1, split.Test.Label(Array.FindIndex(test, face => face.Subject == 7)));
        Assert.Matches("^Rafd045_01_Caucasian_female_(angry|sad)_frontal$", split.Train.Title(0));
        // The halves of another task.
        DataSplit emotions = Open(",task=emotion,size=4");
        Assert.Equal(8, emotions.Train.Classes.Count);
        Assert.Equal((12, 6), (emotions.Train.Count, emotions.Test.Count));
        Assert.Equal((int)FaceEmotion.Sad, emotions.Test.Label(Array.FindIndex(Samples.Faces(emotions.Test), face => face.Emotion == FaceEmotion.Sad)));
    }

    [Fact]
    public void Read_CropsThenStretches()
    {
        Save("Rafd090_01_Moroccan_male_happy_left.png");
        Save("Rafd090_01_Moroccan_male_happy_right.png");
        // Columns count from 0 to 5, so the central square of 6 x 4 has 1 to 4.
        Assert.Equal([1, 2, 3, 4], Samples.Of(Open(",size=4").Train, 0)[..4]);
        Assert.Equal([2, 3, 2, 3], Samples.Of(Open(",size=2,crop=1,2,2,2").Train, 0)[..4]);
        DataSet beyond = Open(",size=2,crop=3,2,2,2").Train;
        Assert.Contains("does not lie within its 6x4 pixels", Assert.Throws<DataFormatException>(() => Samples.Of(beyond, 0)).Message);
    }

    [Fact]
    public void Open_Errors()
    {
        Fails("there is no picture named like Rafd090_01");
        Save("Rafd090_01_Kid_male_happy_left.png");
        Fails("leave none to test on");
        Save("Rafd090_01_Caucasian_male_happy_left.png");
        Fails("it shows the same as Rafd090_01_");
    }

    void Fails(string message) => Assert.Contains(message, Assert.Throws<DataFormatException>(() => Open("")).Message);

    DataSplit Open(string options) => DataSource.Open($"rafd:{_folder.Path}{options}", 0);

    void Save(string name) => new Picture(6, 4, 1, [.. Enumerable.Range(0, 24).Select(i => (byte)(i % 6))]).Save(_folder.In(name));
}
