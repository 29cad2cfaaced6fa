using Preimage.Layers.Import.Matlab;

namespace Preimage.Layers.Tests.Import.MatConvNet;

/// <summary>Damage to what a MAT file says, written anew so that sizes and checksums stay right; never to weights, which may be anything.</summary>
internal static class MatMutations
{
    static readonly double[] s_numbers = [0, 1, 2, 3, 4, 5, 7, 10, 64, 0.5, -1, 65536, 1 << 20, 1e10, double.NaN, double.PositiveInfinity, 1e300];

    static readonly string[] s_words =
    [
        "conv", "convt", "pool", "relu", "normalize", "lrn", "softmax", "softmaxloss", "dropout", "bnorm", "concat", "sum", "custom", "max", "avg", "", "image", "x1",
        "dagnn.Conv", "dagnn.ConvTranspose", "dagnn.Pooling", "dagnn.ReLU", "dagnn.LRN", "dagnn.SoftMax", "dagnn.DropOut", "dagnn.BatchNorm", "dagnn.Concat", "dagnn.Sum", "dagnn.Loss",
    ];

    static readonly string[] s_fields =
    [
        "type", "name", "weights", "filters", "biases", "pad", "stride", "dilate", "pool", "method", "param", "leak", "upsample", "crop", "numGroups", "inputs", "outputs", "params",
        "block", "value", "normalization", "imageSize", "averageImage", "classes", "dim", "moments",
    ];

    /// <summary>One to three changes of structure.</summary>
    public static byte[] Structure(MatNode[] variables, Random random)
    {
        MatNode[] copy = Array.ConvertAll(variables, v => v.Clone());
        for (int changes = 1 + random.Next(3); changes > 0; changes--)
            Change(copy, random);
        return MatNode.File(copy, random.Next(2) == 0, random.Next(4) == 0);
    }

    static void Change(MatNode[] variables, Random random)
    {
        MatNode[] all = [.. variables.SelectMany(v => v.All())];
        MatNode node = all[random.Next(all.Length)];
        switch (random.Next(13))
        {
            case 0 or 1 when node.Class is not MatClass.Char && node.Numbers.Length is > 0 and <= 16:
                node.Numbers[random.Next(node.Numbers.Length)] = s_numbers[random.Next(s_numbers.Length)];
                break;
            case 2 when node.Numbers.Length is > 0 and <= 16:
                node.Numbers = [.. node.Numbers, 1];
                node.Extents = [1, node.Numbers.Length];
                break;
            case 3:
                node.Extents[random.Next(node.Extents.Length)] = random.Next(3) == 0 ? int.MaxValue : random.Next(-1, 8);
                break;
            case 4 when node.Class.IsNumeric():
                // The same elements in another arrangement: filters of another size.
                node.Extents = random.Next(2) == 0 ? [.. node.Extents.Reverse()] : [1, 1, 1, node.Numbers.Length];
                break;
            case 5:
                node.Class = (MatClass)random.Next(0, 19);
                break;
            case 6 when node.Numbers.Length > 0:
                node.Stored = (MatType)random.Next(0, 20);
                break;
            case 7 or 8 when node.Class is MatClass.Char:
                string word = s_words[random.Next(s_words.Length)];
                (node.Extents, node.Numbers) = ([1, word.Length], [.. word.Select(c => (double)c)]);
                break;
            case 9 when node.Fields.Length > 0:
                node.Fields[random.Next(node.Fields.Length)] = s_fields[random.Next(s_fields.Length)];
                break;
            case 10 when node.Class is MatClass.Cell && node.Children.Count > 0:
                node.Children.RemoveAt(random.Next(node.Children.Count));
                node.Extents = [1, node.Children.Count];
                break;
            case 11 when node.Class is MatClass.Cell && node.Children.Count is > 0 and < 50:
                node.Children.Insert(random.Next(node.Children.Count), node.Children[random.Next(node.Children.Count)].Clone());
                node.Extents = [1, node.Children.Count];
                break;
            case 12 when node.Children.Count > 0:
                node.Children[random.Next(node.Children.Count)] = all[random.Next(all.Length)].Clone();
                break;
        }
    }
}
