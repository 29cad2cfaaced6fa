using Preimage.Algorithms.Imaging;

namespace Preimage.Algorithms.Tests.Experiments.DenseLayers;

/// <summary>A folder of pictures named like the Radboud faces: tiny, in one colour per person with a bar per emotion.</summary>
internal static class FaceFolder
{
    public const int Subjects = 4, Side = 16;

    static readonly string[] s_emotions = ["angry", "contemptuous", "disgusted", "fearful", "happy", "neutral", "sad", "surprised"], s_gazes = ["left", "frontal", "right"];

    /// <summary>All persons, emotions and gazes at 45, 90 and 135 degrees.</summary>
    public static void Write(string folder)
    {
        Directory.CreateDirectory(folder);
        for (int subject = 1; subject <= Subjects; subject++)
            for (int angle = 45; angle <= 135; angle += 45)
                for (int emotion = 0; emotion < s_emotions.Length; emotion++)
                    for (int gaze = 0; gaze < s_gazes.Length; gaze++)
                        Draw(subject, angle, emotion, gaze).Save(Path.Combine(folder, $"Rafd{angle:d3}_{subject:d2}_Drawn_female_{s_emotions[emotion]}_{s_gazes[gaze]}.png"));
    }

    static Picture Draw(int subject, int angle, int emotion, int gaze)
    {
        var pixels = new byte[Side * Side * 3];
        for (int y = 0; y < Side; y++)
        {
            for (int x = 0; x < Side; x++)
            {
                byte bar = (byte)(y == 2 + emotion ? 200 : 0), eye = (byte)(y == 12 && x == 4 + 3 * gaze ? 255 : 0);
                pixels[(y * Side + x) * 3] = (byte)Math.Min(255, 40 * subject + bar + eye);
                pixels[(y * Side + x) * 3 + 1] = (byte)Math.Min(255, (subject * 97 % 200) + angle / 4 + bar);
                pixels[(y * Side + x) * 3 + 2] = (byte)(255 - 50 * subject + (x * 5 + y * 3) % 40);
            }
        }

        return new Picture(Side, Side, 3, pixels);
    }
}
