using System.Globalization;
using System.Text.RegularExpressions;

namespace Preimage.Algorithms.Training.Data.Faces;

/// <summary>The names of the Radboud faces' files: <c>Rafd090_01_Caucasian_female_angry_frontal</c> is angle, subject, group, gender, emotion, gaze.</summary>
internal static partial class FaceName
{
    static readonly string[] s_emotions = [.. Enum.GetNames<FaceEmotion>().Select(name => name.ToLowerInvariant())];
    static readonly string[] s_gazes = [.. Enum.GetNames<FaceGaze>().Select(name => name.ToLowerInvariant())];

    /// <summary>The emotions as names have them.</summary>
    public static IReadOnlyList<string> Emotions => s_emotions;

    /// <summary>The name of a picture.</summary>
    /// <param name="face">What is known of it.</param>
    /// <param name="kind">Group and gender.</param>
    public static string Of(FaceAttributes face, string kind) =>
        $"Rafd{face.Angle:d3}_{face.Subject:d2}_{kind}_{s_emotions[(int)face.Emotion]}_{s_gazes[(int)face.Gaze]}";

    /// <summary>Reads a name without its extension.</summary>
    public static bool TryParse(string name, out FaceAttributes face)
    {
        Match match = Form().Match(name);
        int emotion = Array.IndexOf(s_emotions, match.Groups[3].Value.ToLowerInvariant());
        int gaze = Array.IndexOf(s_gazes, match.Groups[4].Value.ToLowerInvariant());
        face = default;
        if (!match.Success || emotion < 0 || gaze < 0) return false;
        face = new FaceAttributes(Number(match.Groups[2].Value), Number(match.Groups[1].Value), (FaceEmotion)emotion, (FaceGaze)gaze);
        return true;

        static int Number(string digits) => int.Parse(digits, CultureInfo.InvariantCulture);
    }

    [GeneratedRegex("^Rafd([0-9]{3})_([0-9]{1,4})_.+_([A-Za-z]+)_([A-Za-z]+)$", RegexOptions.IgnoreCase)]
    private static partial Regex Form();
}
