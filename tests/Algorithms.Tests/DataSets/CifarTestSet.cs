using System.Numerics.Tensors;
using Preimage.Layers.Arrays;
using Preimage.Tests.Shared;

namespace Preimage.Algorithms.Tests.DataSets;

/// <summary>The first 1000 test pictures of CIFAR-10, in its binary form: a label, then 1024 red, green and blue values.</summary>
internal static class CifarTestSet
{
    public const int Count = 1000, Pixels = 3 * 32 * 32;

    /// <summary>All pictures one after the other, less the mean picture of the training set's first 4000.</summary>
    public static float[] Pictures()
    {
        var mean = new float[Pixels];
        NpyFile.Load(ReferenceData.Path("datasets/cifar10/mean_of_train_first4000_chw_rgb.npy")).FlattenTo(mean);
        byte[] file = Read();
        var values = new float[Count * Pixels];
        for (int i = 0; i < values.Length; i++)
            values[i] = file[i / Pixels * (Pixels + 1) + 1 + i % Pixels] - mean[i % Pixels];
        return values;
    }

    public static byte[] Labels()
    {
        byte[] file = Read();
        return [.. Enumerable.Range(0, Count).Select(i => file[i * (Pixels + 1)])];
    }

    static byte[] Read()
    {
        byte[] file = File.ReadAllBytes(ReferenceData.Path("datasets/cifar10/cifar10_test_first1000.bin"));
        Assert.Equal(Count * (Pixels + 1), file.Length);
        return file;
    }
}
