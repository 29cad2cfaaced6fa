using System.Security.Cryptography;
using Preimage.Algorithms.Training.Data;
using Preimage.Algorithms.Training.Data.Faces;

namespace Preimage.Algorithms.Tests.Training.Data;

/// <summary>What the tests of several data sets look at.</summary>
internal static class Samples
{
    public static byte[] Of(DataSet data, int index)
    {
        var values = new byte[data.SampleShape.C * data.SampleShape.H * data.SampleShape.W];
        data.Read(index, values);
        return values;
    }

    /// <summary>The first 16 digits of the SHA-256 of some samples.</summary>
    public static string Hash(DataSet data, params ReadOnlySpan<int> indices)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (int index in indices) hash.AppendData(Of(data, index));
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }

    public static int[] CountByClass(DataSet data)
    {
        var counts = new int[data.Classes.Count];
        for (int i = 0; i < data.Count; i++) counts[data.Label(i)]++;
        return counts;
    }

    public static FaceAttributes[] Faces(DataSet data) =>
        [.. Enumerable.Range(0, data.Count).Select(((IFaceSet)data).Attributes)];
}
