using Preimage.Interop.Cuda;
using Preimage.Layers.Operators;

namespace Preimage.Layers.Backends.Cuda;

/// <summary>The device's own time between two events in its stream: nothing is waited for between steps, so that the next one is there when one ends.</summary>
/// <remarks>Where the device is done with one step before the host has launched the next, what the launch costs counts to that: its first event then passes before its work is there.</remarks>
internal sealed class EventTimer : StepTimer
{
    readonly CudaStream _stream;
    readonly List<CudaEvent> _events = [];

    public EventTimer(CudaStream stream, int steps)
    {
        _stream = stream;
        try
        {
            for (int i = 0; i < 2 * steps; i++)
                _events.Add(new CudaEvent(stream.Context, timing: true));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public override void Begin(int step) => _events[2 * step].Record(_stream);

    public override void End(int step) => _events[2 * step + 1].Record(_stream);

    public override double Milliseconds(int step) => _events[2 * step + 1].MillisecondsSince(_events[2 * step]);

    public override void Dispose()
    {
        foreach (CudaEvent mark in _events)
            mark.Dispose();
    }
}
