using System.Runtime.CompilerServices;
using Preimage.Cpu.Pooling;
using Preimage.Cpu.Simd;

namespace Preimage.Cpu.Blocked;

/// <summary>Max pooling in blocked layout and the two ways its signal goes back: the results of <see cref="MaxPooling"/>, bit for bit.</summary>
/// <remarks>
/// <para>A switch is one byte: the index of the tap in its window, row-major, of the first maximum; <see cref="None"/> where a window has no tap in the
/// plane, whose value is minus infinity. Switches lie as the outputs do, 16 bytes per block of 16 channels.</para>
/// <para>Forward scans windows in row-major order, 16 channels at once. Backward gathers: see <see cref="MaxPoolingBackward"/>. A ticket is a strip of
/// rows of one block of one sample.</para>
/// </remarks>
internal sealed unsafe partial class BlockedMaxPooling
{
    /// <summary>The switch of a window without a tap.</summary>
    public const byte None = 255;

    readonly PoolingGeometry _geometry;
    readonly PoolingAxis _rows, _columns;

    public BlockedMaxPooling(in PoolingGeometry geometry)
    {
        _geometry = geometry;
        _rows = new PoolingAxis(geometry.H, geometry.R, geometry.StrideY, geometry.DilationY, geometry.PadTop);
        _columns = new PoolingAxis(geometry.W, geometry.S, geometry.StrideX, geometry.DilationX, geometry.PadLeft);
    }

    /// <summary>Whether the windows' taps can be told in one byte.</summary>
    public static bool Supports(in PoolingGeometry geometry) => geometry.R * geometry.S < None;

    int Blocks => BlockedLayout.Blocks(_geometry.C);

    /// <summary>Bytes of switches of that many samples.</summary>
    public long SwitchBytes(int samples) => BlockedLayout.Floats(samples, _geometry.C, _geometry.OutH * _geometry.OutW);

    /// <summary>Pools; switches may be null.</summary>
    public void Forward(Execution execution, int samples, float* x, float* y, byte* switches)
    {
        if (switches == null)
            PlaneStrips.Run<MaxPoolingForward<ValuesOnly>>(execution, samples * Blocks, _geometry.OutH, _geometry.OutW, new() { Geometry = _geometry, X = x, Y = y });
        else
            PlaneStrips.Run<MaxPoolingForward<ValuesAndSwitches>>(execution, samples * Blocks, _geometry.OutH, _geometry.OutW, new() { Geometry = _geometry, X = x, Y = y, Switches = switches });
    }

    /// <summary>Passes signals to the maxima: row r of the signal reads the switches of row r / seeds.</summary>
    public void Backward(Execution execution, int rows, int seeds, float* signal, float* result, byte* switches) =>
        PlaneStrips.Run<MaxPoolingBackward>(execution, rows * Blocks, _geometry.H, _geometry.W, new()
        {
            Geometry = _geometry, Rows = _rows, Columns = _columns, Seeds = seeds, Signal = signal, Result = result, Switches = switches,
        });

    /// <summary>Passes signals to the centres of the windows.</summary>
    public void BackwardToCentres(Execution execution, int rows, float* signal, float* result)
    {
        var job = new CentreJob { Isa = execution.Isa, Geometry = _geometry, Signal = signal, Result = result };
        WorkerTeam.Shared.Run(ref job, checked(rows * Blocks), execution.Lanes);
    }

    struct CentreJob : ITicketJob, ISimdKernel
    {
        public Isa Isa;
        public PoolingGeometry Geometry;
        public float* Signal, Result;
        int _block;

        public readonly void Run(int ticket, int lane)
        {
            CentreJob own = this;
            own._block = ticket;
            Isa.Run(ref own);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<TS, TV>() where TS : struct, ISimd<TV> where TV : unmanaged
        {
            const int Lanes = BlockedLayout.Lanes;
            PoolingGeometry g = Geometry;
            float* plane = Result + (nint)_block * g.H * g.W * Lanes, signal = Signal + (nint)_block * g.OutH * g.OutW * Lanes;
            new Span<float>(plane, g.H * g.W * Lanes).Clear();
            for (int i = 0; i < g.OutH; i++)
            {
                int y = Window.Centre(i * g.StrideY - g.PadTop, g.R, g.DilationY, g.H);
                for (int j = 0; j < g.OutW; j++, signal += Lanes)
                {
                    float* to = plane + ((nint)y * g.W + Window.Centre(j * g.StrideX - g.PadLeft, g.S, g.DilationX, g.W)) * Lanes;
                    for (int lane = 0; lane < Lanes; lane += TS.Width)
                        TS.Store(to + lane, TS.Add(TS.Load(to + lane), TS.Load(signal + lane)));
                }
            }
        }
    }
}
