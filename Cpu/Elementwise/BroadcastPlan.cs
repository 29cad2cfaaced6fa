namespace Preimage.Cpu.Elementwise;

/// <summary>How two arrays meet under broadcasting: the rows of the result, and three axes within a row with a stride of each input.</summary>
/// <remarks>A stride of 0 repeats the input along that axis. Neighbouring axes that both inputs run through alike are one.</remarks>
internal sealed class BroadcastPlan
{
    /// <summary>Plans from extents aligned at the innermost axis.</summary>
    /// <param name="a">Extents of a.</param>
    /// <param name="b">Extents of b.</param>
    /// <param name="output">Extents of the result; its axis 0 counts the rows.</param>
    /// <exception cref="ArgumentException">The extents do not broadcast to those of the result.</exception>
    public BroadcastPlan(ReadOnlySpan<int> a, ReadOnlySpan<int> b, ReadOnlySpan<int> output)
    {
        Span<int> full = stackalloc int[4], fullA = stackalloc int[4], fullB = stackalloc int[4];
        // Rows first, then right-aligned: an array without the row axis has extent 1 there.
        Spread(output, output.Length, full);
        Spread(a, output.Length, fullA);
        Spread(b, output.Length, fullB);
        for (int axis = 0; axis < 4; axis++)
        {
            bool fits = (fullA[axis] == full[axis] || fullA[axis] == 1) && (fullB[axis] == full[axis] || fullB[axis] == 1);
            if (!fits)
                throw new ArgumentException($"({string.Join(", ", a.ToArray())}) and ({string.Join(", ", b.ToArray())}) do not broadcast to ({string.Join(", ", output.ToArray())})");
        }

        Rows = full[0];
        RowA = fullA[1] * fullA[2] * fullA[3];
        RowB = fullB[1] * fullB[2] * fullB[3];
        RepeatsA = fullA[0] < full[0];
        RepeatsB = fullB[0] < full[0];
        int[] extents = [.. full[1..]], stridesA = Strides(fullA), stridesB = Strides(fullB);
        Collapse(extents, stridesA, stridesB);
        (Extents, StridesA, StridesB) = (extents, stridesA, stridesB);
    }

    /// <summary>Rows of the result as planned.</summary>
    public int Rows { get; }

    /// <summary>Elements of a row of a.</summary>
    public int RowA { get; }

    public int RowB { get; }

    /// <summary>Whether all rows share the one row of a.</summary>
    public bool RepeatsA { get; }

    public bool RepeatsB { get; }

    public int[] Extents { get; }

    public int[] StridesA { get; }

    public int[] StridesB { get; }

    /// <summary>Elements of a row of the result.</summary>
    public int Row => Extents[0] * Extents[1] * Extents[2];

    static void Spread(ReadOnlySpan<int> extents, int rank, Span<int> full)
    {
        full.Fill(1);
        for (int i = 0; i < extents.Length; i++)
        {
            int axis = rank - extents.Length + i;
            // Axis 0 of the result stays axis 0; the others end at the innermost.
            full[axis == 0 ? 0 : axis + 4 - rank] = extents[i];
        }
    }

    static int[] Strides(ReadOnlySpan<int> full) =>
        [full[1] == 1 ? 0 : full[2] * full[3], full[2] == 1 ? 0 : full[3], full[3] == 1 ? 0 : 1];

    static void Collapse(int[] extents, int[] a, int[] b)
    {
        // Twice from the outside in: (0,1) may join once (1,2) has.
        for (int pass = 0; pass < 2; pass++)
        {
            for (int axis = 1; axis >= 0; axis--)
            {
                int inner = axis + 1;
                bool joins = extents[axis] == 1 || extents[inner] == 1
                    || (a[axis] == a[inner] * extents[inner] && b[axis] == b[inner] * extents[inner]);
                if (!joins)
                    continue;
                bool keepOuter = extents[inner] == 1;
                extents[inner] *= extents[axis];
                if (keepOuter)
                    (a[inner], b[inner]) = (a[axis], b[axis]);
                (extents[axis], a[axis], b[axis]) = (1, 0, 0);
            }
        }
    }
}
