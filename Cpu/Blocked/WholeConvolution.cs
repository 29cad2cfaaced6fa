using Preimage.Cpu.Convolution;
using Preimage.Cpu.Gemm;
using Preimage.Cpu.Simd;

namespace Preimage.Cpu.Blocked;

/// <summary>A convolution whose filters are as large as the plane, or the adjoint of one: one output pixel, and so one matrix product over all samples.</summary>
/// <remarks>A blocked sample is a row of the left matrix as it lies. Order and bits are those of <see cref="TapOrder"/>: a chain over positions, or over filters;
/// lanes without a channel add the product of two zeros to it. Few samples are bound by reading the filters, and stream them.</remarks>
internal sealed unsafe class WholeConvolution(in ConvolutionGeometry geometry, WholeFilters filters) : IBlockedConvolution
{
    readonly ConvolutionGeometry _g = geometry;

    /// <summary>Whether each filter meets the plane in one place and covers it.</summary>
    public static bool Supports(in ConvolutionGeometry g) => g is { Groups: 1, PadTop: 0, PadLeft: 0, DilationY: 1, DilationX: 1, OutH: 1, OutW: 1 } && g.R == g.H && g.S == g.W;

    public long ScratchBytes(Execution execution, int samples) => MatrixMultiplication.ScratchBytes(execution);

    public void Run(Execution execution, int samples, float* source, float* destination, in Epilogue epilogue, nint scratch)
    {
        int columns = filters.Columns, depth = filters.IsAdjoint ? BlockedLayout.Padded(_g.K) : filters.Positions;
        if (samples <= StreamedProduct.MaxRows)
            StreamedProduct.Run(execution, samples, columns, depth, source, filters.Floats, destination, 1, null);
        else
            MatrixMultiplication.Run(execution, samples, columns, depth, MatrixView.Rows(source, depth), MatrixView.Rows(filters.Floats, columns), destination, columns, 1, null, false, scratch);
        if (epilogue.IsCopy)
            return;
        var job = new EpilogueJob
        {
            Isa = execution.Isa, Plane = filters.IsAdjoint ? _g.R * _g.S : 1, Blocks = BlockedLayout.Blocks(filters.IsAdjoint ? _g.C : _g.K), To = destination, Epilogue = epilogue,
        };
        WorkerTeam.Shared.Run(ref job, samples, execution.Lanes);
    }

    public void Dispose()
    {
        // The filters are somebody else's.
    }

    /// <summary>What happens to the sums of a sample, where they are.</summary>
    struct EpilogueJob : ITicketJob, ISimdKernel
    {
        public Isa Isa;
        public int Plane, Blocks;
        public float* To;
        public Epilogue Epilogue;
        int _row;

        public void Run(int ticket, int lane)
        {
            EpilogueJob own = this;
            own._row = ticket;
            Isa.Run(ref own);
        }

        public readonly void Run<TS, TV>() where TS : struct, ISimd<TV> where TV : unmanaged
        {
            const int Lanes = BlockedLayout.Lanes;
            nint block = (nint)Plane * Lanes, row = block * Blocks;
            Epilogue own = Epilogue.OfRow(_row, row);
            for (int i = 0; i < Blocks; i++)
            {
                nint offset = _row * row + i * block;
                own.Store<TS, TV>(To + offset, Lanes, Plane, To, offset, Lanes, i * Lanes);
            }
        }
    }
}
