using System.Runtime.CompilerServices;

namespace Preimage.Cpu.Images;

/// <summary>A window of every plane copied out, and its adjoint. Moves bits, computes nothing.</summary>
internal unsafe struct PlaneCrop : ITicketJob
{
    float* _canvas, _crop;
    int _canvasH, _canvasW, _h, _w, _top, _left;
    bool _back;

    /// <summary>crop = the window at (top, left) of each plane of the canvas.</summary>
    public static void Forward(Execution execution, int planes, int canvasH, int canvasW, int h, int w, int top, int left, float* canvas, float* crop) =>
        new PlaneCrop { _canvas = canvas, _crop = crop, _canvasH = canvasH, _canvasW = canvasW, _h = h, _w = w, _top = top, _left = left }.Start(execution, planes);

    /// <summary>canvas = the crop in its window, +0 around it.</summary>
    public static void Backward(Execution execution, int planes, int canvasH, int canvasW, int h, int w, int top, int left, float* crop, float* canvas) =>
        new PlaneCrop { _canvas = canvas, _crop = crop, _canvasH = canvasH, _canvasW = canvasW, _h = h, _w = w, _top = top, _left = left, _back = true }.Start(execution, planes);

    void Start(Execution execution, int planes)
    {
        PlaneCrop job = this;
        WorkerTeam.Shared.Run(ref job, planes, execution.Lanes);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Run(int ticket, int lane)
    {
        float* canvas = _canvas + (nint)ticket * _canvasH * _canvasW, crop = _crop + (nint)ticket * _h * _w;
        if (_back)
            Spread(canvas, crop);
        else
            Cut(canvas + (nint)_top * _canvasW + _left, crop);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    readonly void Cut(float* window, float* crop)
    {
        for (int row = 0; row < _h; row++, window += _canvasW, crop += _w)
            new ReadOnlySpan<float>(window, _w).CopyTo(new Span<float>(crop, _w));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    readonly void Spread(float* canvas, float* crop)
    {
        new Span<float>(canvas, _top * _canvasW).Clear();
        canvas += (nint)_top * _canvasW;
        for (int row = 0; row < _h; row++, canvas += _canvasW, crop += _w)
        {
            new Span<float>(canvas, _left).Clear();
            new ReadOnlySpan<float>(crop, _w).CopyTo(new Span<float>(canvas + _left, _w));
            new Span<float>(canvas + _left + _w, _canvasW - _left - _w).Clear();
        }

        new Span<float>(canvas, (_canvasH - _top - _h) * _canvasW).Clear();
    }
}
