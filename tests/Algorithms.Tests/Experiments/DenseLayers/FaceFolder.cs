using Preimage.Algorithms.Imaging;

namespace Preimage.Algorithms.Tests.Experiments.DenseLayers;

/// <summary>A folder of pictures named like the Radboud faces: tiny; the person is a shade of red, the emotion a green bar, the gaze a red block below.</summary>
public sealed class FaceFolder : IDisposable
{
    public const int Subjects = 4, Side = 16;

    static readonly string[] s_emotions = ["angry", "contemptuous", "disgusted", "fearful", "happy", "neutral", "sad", "surprised"], s_gazes = ["left", "frontal", "right"];

    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("preimage-");

    /// <summary>Draws all persons, emotions and gazes at 45, 90 and 135 degrees.</summary>
    public FaceFolder()
    {
        for (int subject = 1; subject <= Subjects; subject++)
            for (int angle = 45; angle <= 135; angle += 45)
                for (int emotion = 0; emotion < s_emotions.Length; emotion++)
                    for (int gaze = 0; gaze < s_gazes.Length; gaze++)
                        Draw(subject, angle, emotion, gaze).Save(System.IO.Path.Combine(Path, $"Rafd{angle:d3}_{subject:d2}_Drawn_female_{s_emotions[emotion]}_{s_gazes[gaze]}.png"));
    }

    /// <summary>Where it is.</summary>
    public string Path => _folder.FullName;

    /// <inheritdoc/>
    public void Dispose() => _folder.Delete(recursive: true);

    static Picture Draw(int subject, int angle, int emotion, int gaze)
    {
        var pixels = new byte[Side * Side * 3];
        for (int y = 0; y < Side; y++)
        {
            for (int x = 0; x < Side; x++)
            {
                int bar = y == 1 + emotion ? 200 : 0, eye = y >= 10 && x / 4 == gaze ? 160 : 0;
                Span<byte> pixel = pixels.AsSpan((y * Side + x) * 3);
                (pixel[0], pixel[1], pixel[2]) = ((byte)(20 * subject + eye), (byte)(20 + angle / 4 + bar), (byte)(60 - 10 * subject + (x * 5 + y * 3) % 40));
            }
        }

        return new Picture(Side, Side, 3, pixels);
    }
}
