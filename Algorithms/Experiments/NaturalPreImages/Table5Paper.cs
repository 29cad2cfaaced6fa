namespace Preimage.Algorithms.Experiments.NaturalPreImages;

/// <summary>The numbers of Table 5: AlexNet's mean inversion errors in per cent over 100 pictures, and their standard deviations.</summary>
internal static class Table5Paper
{
    /// <summary>AlexNet's layers in the order of the rows below.</summary>
    static readonly string[] s_layers =
    [
        "conv1", "relu1", "norm1", "pool1", "conv2", "relu2", "norm2", "pool2", "conv3", "relu3", "conv4", "relu4", "conv5", "relu5", "pool5", "fc6", "relu6", "fc7", "relu7", "fc8",
    ];

    static readonly Dictionary<double, (double[] Mean, double[] Deviation)> s_rows = new()
    {
        [1] = (
            [69.5, 69.0, 61.4, 59.2, 57.0, 52.0, 50.4, 45.6, 37.3, 39.1, 32.2, 34.5, 24.9, 29.0, 26.4, 19.0, 24.6, 18.5, 21.4, 13.6],
            [10.3, 10.6, 8.1, 7.7, 8.5, 6.8, 6.4, 5.7, 4.9, 5.2, 4.3, 4.6, 3.5, 4.2, 4.0, 2.5, 4.0, 3.5, 3.9, 2.9]),
        [20] = (
            [35.3, 34.9, 32.6, 28.5, 22.7, 23.0, 23.3, 20.4, 16.5, 17.5, 15.0, 16.6, 12.1, 17.3, 16.3, 12.4, 19.4, 15.1, 17.0, 11.3],
            [7.6, 7.9, 6.1, 4.9, 4.3, 4.7, 4.9, 4.0, 3.1, 3.3, 2.5, 2.8, 1.8, 3.1, 3.4, 1.8, 4.2, 3.0, 3.0, 2.4]),
        [100] = (
            [21.1, 20.9, 19.9, 18.6, 13.2, 14.4, 14.9, 13.0, 11.3, 12.9, 11.6, 13.7, 9.6, 16.6, 16.3, 11.3, 19.7, 13.7, 15.6, 9.6],
            [5.9, 6.2, 5.0, 3.6, 3.0, 3.9, 4.2, 3.4, 2.7, 3.3, 2.7, 3.5, 1.9, 4.1, 4.5, 1.9, 5.3, 2.6, 3.3, 2.1]),
        [300] = (
            [14.2, 14.1, 13.6, 14.5, 9.6, 11.1, 11.6, 10.6, 9.9, 12.0, 11.0, 13.4, 9.0, 17.3, 17.5, 11.2, 20.2, 12.9, 14.9, 9.0],
            [5.0, 5.3, 4.5, 2.9, 2.5, 3.5, 3.8, 3.4, 2.9, 4.0, 3.4, 4.4, 2.1, 5.2, 5.6, 2.1, 6.1, 3.0, 3.5, 2.0]),
    };

    /// <summary>The paper's number for a layer of its network, or null: where the layers are not AlexNet's, nothing can be held beside it.</summary>
    public static (double Mean, double Deviation)? Of(IEnumerable<string> layersOfTheNetwork, string layer, double c) =>
        layersOfTheNetwork.SequenceEqual(s_layers) && s_rows.TryGetValue(c, out var row)
            ? (row.Mean[Array.IndexOf(s_layers, layer)], row.Deviation[Array.IndexOf(s_layers, layer)])
            : null;
}
