using Preimage.Algorithms.Training.Data;
using Preimage.Algorithms.Training.Data.Faces;

namespace Preimage.Algorithms.Tests.Training.Data;

public sealed class FaceSetTests
{
    [Fact]
    public void Bytes_AreTheSameOnEveryMachine()
    {
        Assert.Equal(
            ("c909d265a28f63be", "6560ca91c95caa84"),
            (Samples.Hash(DataSource.Open("faces", 1).Train, 0, 500, 1000, 1500, 2000, 2411),
             Samples.Hash(DataSource.Open("faces,size=64,task=emotion", 1).Test, [.. Enumerable.Range(0, 48).Select(i => 50 * i)])));
    }

    [Fact]
    public void Identity_HalvesEverySubjectAndAngle()
    {
        DataSplit split = DataSource.Open("faces,size=16", 1);
        FaceAttributes[] train = Samples.Faces(split.Train), test = Samples.Faces(split.Test);
        Assert.Equal((2412, 2412), (train.Length, test.Length));
        Assert.Equal(4824, train.Concat(test).Distinct().Count());
        foreach (FaceAttributes[] half in new[] { train, test })
        {
            var groups = half.GroupBy(face => (face.Subject, face.Angle)).ToArray();
            Assert.Equal(67 * 3, groups.Length);
            Assert.All(groups, group => Assert.Equal(12, group.Count()));
        }

        Assert.Equal(67, split.Train.Classes.Count);
        Assert.All(Enumerable.Range(0, 2412), i => Assert.Equal(train[i].Subject - 1, split.Train.Label(i)));
    }

    [Fact]
    public void FewerPersons_AreTheFirstOnes()
    {
        DataSplit few = DataSource.Open("faces,size=16,persons=3", 1);
        Assert.Equal((3, 108, 108), (few.Train.Classes.Count, few.Train.Count, few.Test.Count));
        Assert.Equal([0, 1, 2], Enumerable.Range(0, 108).Select(few.Train.Label).Distinct());
        // The same faces as among all persons: halves are drawn person by person.
        DataSplit all = DataSource.Open("faces,size=16", 1);
        int[] places = [0, 50, 107];
        Assert.Equal(Samples.Hash(all.Train, places), Samples.Hash(few.Train, places));
        Assert.Throws<FormatException>(() => DataSource.Open("faces,persons=68", 1));
    }

    [Fact]
    public void Emotion_HalvesEveryEmotionAndAngle()
    {
        DataSplit split = DataSource.Open("faces,size=16,task=emotion", 1);
        FaceAttributes[] train = Samples.Faces(split.Train), test = Samples.Faces(split.Test);
        Assert.Equal((2424, 2400), (train.Length, test.Length));
        Assert.Equal(4824, train.Concat(test).Distinct().Count());
        Assert.All(train.GroupBy(face => (face.Emotion, face.Angle)), group => Assert.Equal(101, group.Count()));
        Assert.All(test.GroupBy(face => (face.Emotion, face.Angle)), group => Assert.Equal(100, group.Count()));
        Assert.Equal(["angry", "contemptuous", "disgusted", "fearful", "happy", "neutral", "sad", "surprised"], split.Test.Classes);
        Assert.All(Enumerable.Range(0, 2400), i => Assert.Equal((int)test[i].Emotion, split.Test.Label(i)));
    }

    [Fact]
    public void Pictures_AreTheSameInBothTasksAndFromEveryThread()
    {
        DataSet identity = DataSource.Open("faces,size=32", 1).Train, emotion = DataSource.Open("faces,size=32,task=emotion,cache=0", 1).Train;
        FaceAttributes[] faces = Samples.Faces(emotion);
        var hashes = new string[64];
        Parallel.For(0, hashes.Length, new ParallelOptions { MaxDegreeOfParallelism = 4 }, i => hashes[i] = Samples.Hash(identity, i));
        int shared = 0;
        for (int i = 0; i < hashes.Length; i++)
        {
            int same = Array.IndexOf(faces, ((IFaceSet)identity).Attributes(i));
            if (same < 0) continue;
            shared++;
            Assert.Equal(Samples.Hash(emotion, same), hashes[i]);
        }

        Assert.InRange(shared, 16, 48);
        Assert.Equal(hashes.Length, hashes.Distinct().Count());
    }

    [Fact]
    public void Titles_AreNamesOfTheRadboudFaces()
    {
        DataSet data = DataSource.Open("faces,size=16", 1).Test;
        Assert.Matches("^Rafd045_01_Drawn_(fe)?male_[a-z]+_(left|frontal|right)$", data.Title(0));
        for (int i = 0; i < data.Count; i++)
        {
            Assert.True(FaceName.TryParse(data.Title(i), out FaceAttributes face));
            Assert.Equal(((IFaceSet)data).Attributes(i), face);
        }
    }

    [Fact]
    public void Attributes_ShowInThePixels()
    {
        const int Size = 64;
        var artist = new FaceArtist(Size);
        FacePerson person = FacePerson.Of(2, 1);
        byte[] rest = Draw(90, FaceEmotion.Neutral, FaceGaze.Frontal);
        byte[] turned = Draw(135, FaceEmotion.Neutral, FaceGaze.Frontal), surprised = Draw(90, FaceEmotion.Surprised, FaceGaze.Frontal), left = Draw(90, FaceEmotion.Neutral, FaceGaze.Left);
        // Eyes, then everything but the background, then brows, eyes and mouth; the grain alone is below 1.
        Assert.InRange(Difference(rest, left), 0.3, 3);
        Assert.InRange(Difference(rest, turned), 10, 80);
        Assert.InRange(Difference(rest, surprised), 1, 20);

        byte[] Draw(int angle, FaceEmotion emotion, FaceGaze gaze)
        {
            var planes = new byte[3 * Size * Size];
            artist.Draw(person, new FaceAttributes(2, angle, emotion, gaze), 1, 9, planes);
            return planes;
        }

        static double Difference(byte[] a, byte[] b) => a.Zip(b, (x, y) => (double)Math.Abs(x - y)).Average();
    }
}
