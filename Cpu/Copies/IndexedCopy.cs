using System.Runtime.CompilerServices;

namespace Preimage.Cpu.Copies;

/// <summary>Copies through one table of indices per axis, and adds back through the same tables: padding of every mode.</summary>
/// <remarks>An entry is the index of the other array on that axis, or -1 for the constant. Axis 0 needs no table where samples stay apart.
/// Back: the smaller array starts from +0 and signals are added in row-major order of the larger, so mirrored elements gather theirs.</remarks>
internal static unsafe class IndexedCopy
{
    /// <summary>larger[i, j, k, l] = smaller[t0[i], t1[j], t2[k], t3[l]], or the constant.</summary>
    /// <param name="tables">Four tables; their lengths are the extents of the larger array.</param>
    /// <param name="extents">Extents of the smaller array.</param>
    public static void Forward(Execution execution, int[][] tables, in Axes4 extents, float* smaller, float* larger, float constant)
    {
        var job = new Job { Tables = tables, Extents = extents, Smaller = smaller, Larger = larger, Constant = constant };
        WorkerTeam.Shared.Run(ref job, tables[0].Length, execution.Lanes);
    }

    /// <summary>smaller = the adjoint of <see cref="Forward"/> at larger.</summary>
    /// <param name="rows">Rows of both arrays where axis 0 is the batch (its table is then ignored), or 0.</param>
    public static void Backward(Execution execution, int[][] tables, in Axes4 extents, int rows, float* smaller, float* larger)
    {
        var job = new Job { Tables = tables, Extents = extents, Smaller = smaller, Larger = larger, Back = true, Rows = rows };
        WorkerTeam.Shared.Run(ref job, Math.Max(rows, 1), execution.Lanes);
    }

    struct Job : ITicketJob
    {
        public int[][] Tables;
        public Axes4 Extents;
        public float* Smaller, Larger;
        public float Constant;
        public bool Back;
        public int Rows;

        public readonly void Run(int ticket, int lane)
        {
            nint smallRow = Extents[1] * Extents[2] * Extents[3];
            nint largeRow = (nint)Tables[1].Length * Tables[2].Length * Tables[3].Length;
            if (!Back)
            {
                int from = Tables[0][ticket];
                Row(from < 0 ? null : Smaller + from * smallRow, Larger + ticket * largeRow);
            }
            else if (Rows > 0)
            {
                new Span<float>(Smaller + ticket * smallRow, (int)smallRow).Clear();
                Row(Smaller + ticket * smallRow, Larger + ticket * largeRow);
            }
            else
            {
                new Span<float>(Smaller, (int)(Extents[0] * smallRow)).Clear();
                for (int i = 0; i < Tables[0].Length; i++)
                {
                    if (Tables[0][i] >= 0)
                        Row(Smaller + Tables[0][i] * smallRow, Larger + i * largeRow);
                }
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        readonly void Row(float* small, float* large)
        {
            int[] t1 = Tables[1], t2 = Tables[2], t3 = Tables[3];
            for (int j = 0; j < t1.Length; j++)
            {
                for (int k = 0; k < t2.Length; k++, large += t3.Length)
                {
                    bool inside = small != null && t1[j] >= 0 && t2[k] >= 0;
                    float* line = inside ? small + (t1[j] * Extents[2] + t2[k]) * Extents[3] : null;
                    for (int l = 0; l < t3.Length; l++)
                    {
                        bool tap = inside && t3[l] >= 0;
                        if (!Back)
                            large[l] = tap ? line[t3[l]] : Constant;
                        else if (tap)
                            line[t3[l]] += large[l];
                    }
                }
            }
        }
    }
}
