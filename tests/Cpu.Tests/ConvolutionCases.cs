namespace Preimage.Cpu.Tests;

/// <summary>Convolutions around every edge the kernels have: tiles, blocks of channels, strides, pads, dilations, groups.</summary>
internal static class ConvolutionCases
{
    public static IEnumerable<ConvolutionGeometry> All => Chosen.Concat(Drawn(60));

    static IEnumerable<ConvolutionGeometry> Chosen =>
    [
        Square(1, 1, 1, 1, 1, 0),
        Square(3, 5, 7, 3, 1, 1),
        Square(17, 9, 6, 3, 1, 1),
        Square(16, 16, 13, 3, 1, 1),
        Square(33, 18, 5, 3, 2, 1),
        // More than one block of depth: 17 * 25 = 425 and 40 * 9 = 360 positions.
        Square(17, 3, 6, 5, 1, 2),
        Square(40, 7, 8, 3, 1, 1),
        Square(3, 8, 19, 7, 2, 3),
        // Stride beyond the kernel: inputs nobody reads.
        Square(4, 6, 11, 2, 5, 0),
        Square(5, 4, 10, 1, 3, 0),
        // Padding at least as large as the kernel: outputs that read nothing but padding.
        Square(2, 3, 4, 3, 1, 4),
        Square(3, 3, 3, 2, 2, 3),
        Square(6, 8, 9, 3, 1, 2) with { DilationY = 2, DilationX = 3, OutH = 9, OutW = 7 },
        Square(6, 9, 8, 3, 2, 1) with { Groups = 3 },
        Square(8, 8, 7, 3, 1, 1) with { Groups = 8 },
        // 34 channels a group: three blocks in each.
        Square(68, 34, 4, 2, 1, 0) with { Groups = 2 },
        // Asymmetric in everything.
        new() { C = 5, H = 6, W = 11, K = 7, OutH = 5, OutW = 4, R = 2, S = 5, StrideY = 1, StrideX = 3, PadTop = 1, PadLeft = 3, DilationY = 2 },
        new() { C = 2, H = 1, W = 17, K = 3, OutH = 1, OutW = 9, R = 1, S = 3, StrideX = 2, PadLeft = 1 },
        // A row longer than a panel, and one output column.
        new() { C = 3, H = 2, W = 101, K = 9, OutH = 2, OutW = 101, R = 3, S = 3, PadTop = 1, PadLeft = 1 },
        new() { C = 20, H = 9, W = 1, K = 2, OutH = 4, OutW = 1, R = 3, S = 1, StrideY = 2 },
        // To three channels and back over more lines than a ticket copies at once: strides, groups, borders wider than the picture's.
        Square(3, 48, 150, 5, 2, 2),
        new() { C = 6, H = 40, W = 61, K = 160, OutH = 40, OutW = 61, R = 3, S = 3, PadTop = 1, PadLeft = 1, Groups = 2 },
        new() { C = 2, H = 90, W = 33, K = 130, OutH = 92, OutW = 39, R = 3, S = 5, PadTop = 2, PadLeft = 5 },
        // 1x1: a matrix product over the plane as it lies; a larger one than a block of rows and of columns.
        Square(19, 21, 8, 1, 1, 0),
        Square(7, 137, 15, 1, 1, 0),
        // The output ends before the input does, and the input before the windows do.
        Square(3, 4, 9, 3, 2, 0) with { OutH = 3, OutW = 2 },
        Square(3, 4, 5, 3, 1, 0) with { OutH = 7, OutW = 6 },
    ];

    static ConvolutionGeometry Square(int c, int k, int h, int r, int stride, int pad)
    {
        int o = (h + 2 * pad - r) / stride + 1;
        return new ConvolutionGeometry
        {
            C = c, H = h, W = h, K = k, OutH = o, OutW = o, R = r, S = r, StrideY = stride, StrideX = stride, PadTop = pad, PadLeft = pad,
        };
    }

    static IEnumerable<ConvolutionGeometry> Drawn(int count)
    {
        var random = new Random(20);
        for (int i = 0; i < count; i++)
        {
            int groups = random.Next(4) == 0 ? random.Next(2, 4) : 1;
            yield return new ConvolutionGeometry
            {
                C = groups * random.Next(1, 19), K = groups * random.Next(1, 19), Groups = groups, H = random.Next(1, 18), W = random.Next(1, 18),
                R = random.Next(1, 5), S = random.Next(1, 5), StrideY = random.Next(1, 5), StrideX = random.Next(1, 5), PadTop = random.Next(0, 4),
                PadLeft = random.Next(0, 4), DilationY = random.Next(1, 3), DilationX = random.Next(1, 3), OutH = random.Next(1, 10),
                OutW = random.Next(1, 10),
            };
        }
    }
}
