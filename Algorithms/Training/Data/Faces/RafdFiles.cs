using Preimage.Algorithms.Training.Data.Files;

namespace Preimage.Algorithms.Training.Data.Faces;

/// <summary>A folder with the Radboud faces under their own names.</summary>
internal static class RafdFiles
{
    static readonly string[] s_extensions = [".jpg", ".jpeg", ".png", ".ppm"];

    /// <summary>Opens the files of the angles 45, 90 and 135 and draws the halves.</summary>
    /// <exception cref="DataFormatException">No file has such a name, or two have the same.</exception>
    public static DataSplit Open(string folder, FaceTask task, int size, FaceCrop? crop, long cache, ulong seed)
    {
        var files = new SortedDictionary<(int Subject, int Angle, FaceEmotion Emotion, FaceGaze Gaze), string>();
        foreach (string path in Directory.GetFiles(folder))
        {
            if (!s_extensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase)) continue;
            if (!FaceName.TryParse(Path.GetFileNameWithoutExtension(path), out FaceAttributes face) || !FaceSplit.Angles.Contains(face.Angle)) continue;
            if (!files.TryAdd((face.Subject, face.Angle, face.Emotion, face.Gaze), path))
                throw new DataFormatException(path, $"it shows the same as {Path.GetFileName(files[(face.Subject, face.Angle, face.Emotion, face.Gaze)])}.");
        }

        if (files.Count == 0)
            throw new DataFormatException(folder, "there is no picture named like Rafd090_01_Caucasian_female_angry_frontal.jpg with the angle 45, 90 or 135.");
        FaceAttributes[] faces = [.. files.Keys.Select(key => new FaceAttributes(key.Subject, key.Angle, key.Emotion, key.Gaze))];
        string[] paths = [.. files.Values];
        int[] subjects = [.. faces.Select(face => face.Subject).Distinct()];
        (int[] train, int[] test) = FaceSplit.Draw(faces, task, seed);
        return test.Length > 0
            ? new DataSplit(Half("train", train), Half("test", test))
            : throw new DataFormatException(folder, $"its {faces.Length} pictures leave none to test on: each class and angle needs two.");

        RafdSet Half(string half, int[] members) => new(
            $"rafd {half}", task, size, crop, subjects, Array.ConvertAll(members, i => (paths[i], faces[i])), cache);
    }
}
