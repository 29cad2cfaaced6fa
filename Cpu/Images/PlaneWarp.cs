using System.Runtime.CompilerServices;

namespace Preimage.Cpu.Images;

/// <summary>y(v, u) = x at row t0 v + t1 u + t2 and column t3 v + t4 u + t5, bilinear between pixels, 0 outside; and the adjoint.</summary>
/// <remarks>A chain of fused multiply-adds from +0 over the up to four pixels, upper left first; back, each pixel of x adds up what it gets in row-major order over y.</remarks>
internal unsafe struct PlaneWarp : ITicketJob
{
    float* _x, _y;
    int _inH, _inW, _outH, _outW;
    float _t0, _t1, _t2, _t3, _t4, _t5;
    bool _back;

    /// <summary>y from x, planes of inH x inW to planes of outH x outW.</summary>
    public static void Forward(Execution execution, int planes, int inH, int inW, int outH, int outW, float* transform, float* x, float* y) =>
        Start(execution, planes, inH, inW, outH, outW, transform, x, y, false);

    /// <summary>x from y.</summary>
    public static void Backward(Execution execution, int planes, int inH, int inW, int outH, int outW, float* transform, float* y, float* x) =>
        Start(execution, planes, inH, inW, outH, outW, transform, x, y, true);

    static void Start(Execution execution, int planes, int inH, int inW, int outH, int outW, float* t, float* x, float* y, bool back)
    {
        var job = new PlaneWarp
        {
            _x = x, _y = y, _inH = inH, _inW = inW, _outH = outH, _outW = outW, _t0 = t[0], _t1 = t[1], _t2 = t[2], _t3 = t[3], _t4 = t[4], _t5 = t[5], _back = back,
        };
        WorkerTeam.Shared.Run(ref job, planes, execution.Lanes);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Run(int ticket, int lane)
    {
        float* x = _x + (nint)ticket * _inH * _inW, y = _y + (nint)ticket * _outH * _outW;
        if (_back)
            new Span<float>(x, _inH * _inW).Clear();
        for (int v = 0; v < _outH; v++)
        {
            for (int u = 0; u < _outW; u++, y++)
            {
                float row = MathF.FusedMultiplyAdd(_t0, v, MathF.FusedMultiplyAdd(_t1, u, _t2));
                float column = MathF.FusedMultiplyAdd(_t3, v, MathF.FusedMultiplyAdd(_t4, u, _t5));
                // Written so that a place that is not a number is outside.
                bool inside = row > -1 && row < _inH && column > -1 && column < _inW;
                if (_back && inside)
                    Give(x, row, column, *y);
                else if (!_back)
                    *y = inside ? Take(x, row, column) : 0;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    readonly float Take(float* x, float row, float column)
    {
        float upper = MathF.Floor(row), left = MathF.Floor(column), down = row - upper, right = column - left, sum = 0;
        int r = (int)upper, c = (int)left;
        x += (nint)r * _inW + c;
        if (r >= 0 && c >= 0)
            sum = MathF.FusedMultiplyAdd((1 - down) * (1 - right), x[0], sum);
        if (r >= 0 && c + 1 < _inW)
            sum = MathF.FusedMultiplyAdd((1 - down) * right, x[1], sum);
        if (r + 1 < _inH && c >= 0)
            sum = MathF.FusedMultiplyAdd(down * (1 - right), x[_inW], sum);
        if (r + 1 < _inH && c + 1 < _inW)
            sum = MathF.FusedMultiplyAdd(down * right, x[_inW + 1], sum);
        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    readonly void Give(float* x, float row, float column, float y)
    {
        float upper = MathF.Floor(row), left = MathF.Floor(column), down = row - upper, right = column - left;
        int r = (int)upper, c = (int)left;
        x += (nint)r * _inW + c;
        if (r >= 0 && c >= 0)
            x[0] = MathF.FusedMultiplyAdd((1 - down) * (1 - right), y, x[0]);
        if (r >= 0 && c + 1 < _inW)
            x[1] = MathF.FusedMultiplyAdd((1 - down) * right, y, x[1]);
        if (r + 1 < _inH && c >= 0)
            x[_inW] = MathF.FusedMultiplyAdd(down * (1 - right), y, x[_inW]);
        if (r + 1 < _inH && c + 1 < _inW)
            x[_inW + 1] = MathF.FusedMultiplyAdd(down * right, y, x[_inW + 1]);
    }
}
