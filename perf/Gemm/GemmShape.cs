namespace Preimage.Perf.Gemm;

/// <summary>A product of M x K and K x N.</summary>
/// <param name="Name">Whose.</param>
/// <param name="M">Rows: filters of a convolution, samples of a dense layer.</param>
/// <param name="N">Columns: places of a plane, outputs of a dense layer.</param>
/// <param name="K">Depth.</param>
/// <param name="Quick">Whether a quick run measures it.</param>
internal sealed record GemmShape(string Name, int M, int N, int K, bool Quick)
{
    /// <summary>Square ones, and those that networks are made of.</summary>
    public static IReadOnlyList<GemmShape> All { get; } =
    [
        Square(256, true), Square(384, false), Square(512, true), Square(768, false), Square(1024, true), Square(1536, false), Square(2048, true),
        new("vgg-16 conv1_2", 64, 50176, 576, false),
        new("vgg-16 conv2_2", 128, 12544, 1152, false),
        new("vgg-16 conv3_2", 256, 3136, 2304, true),
        new("vgg-16 conv4_2", 512, 784, 4608, true),
        new("vgg-16 conv5_2", 512, 196, 4608, true),
        new("alexnet conv1", 96, 3025, 363, true),
        new("squeezenet fire4 squeeze", 32, 784, 256, true),
        new("resnet-18 layer4", 512, 49, 4608, true),
        new("vgg-16 fc7, 8 samples", 8, 4096, 4096, true),
    ];

    static GemmShape Square(int size, bool quick) => new("square", size, size, size, quick);

    public override string ToString() => $"{Name} {M}x{N}x{K}";
}
