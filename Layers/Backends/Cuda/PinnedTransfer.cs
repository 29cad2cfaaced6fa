using Preimage.Interop.Cuda;

namespace Preimage.Layers.Backends.Cuda;

/// <summary>Carries host data over through pinned memory, half of which is filled or emptied while the device copies the other half.</summary>
internal sealed class PinnedTransfer : IDisposable
{
    /// <summary>Bytes of a half: a picture of 224x224 goes in one piece.</summary>
    const int HalfBytes = 1 << 20;

    readonly CudaStream _stream;
    readonly PinnedMemory _pinned;
    readonly CudaEvent[] _passed = new CudaEvent[2];
    int _next;

    public PinnedTransfer(CudaStream stream)
    {
        _stream = stream;
        _pinned = new PinnedMemory(stream.Context, 2 * HalfBytes);
        try
        {
            for (int half = 0; half < 2; half++)
                _passed[half] = new CudaEvent(stream.Context);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Copies in; the source has been read when this returns.</summary>
    public void Upload(ReadOnlySpan<byte> source, nint destination)
    {
        for (int at = 0; at < source.Length; at += HalfBytes)
        {
            int bytes = Math.Min(HalfBytes, source.Length - at);
            // An event that was never recorded has passed.
            _passed[_next].Synchronize();
            source.Slice(at, bytes).CopyTo(Half(_next));
            _stream.UploadLater(destination + at, _pinned, (long)_next * HalfBytes, bytes);
            _passed[_next].Record(_stream);
            _next ^= 1;
        }
    }

    /// <summary>Copies out, behind all work given to the stream; it is all there when this returns.</summary>
    public void Download(nint source, Span<byte> destination)
    {
        int pending = 0;
        for (int at = 0; at < destination.Length || pending > 0;)
        {
            while (pending < 2 && at < destination.Length)
            {
                int half = (_next + pending) & 1, bytes = Math.Min(HalfBytes, destination.Length - at);
                _stream.DownloadLater(_pinned, (long)half * HalfBytes, source + at, bytes);
                _passed[half].Record(_stream);
                at += bytes;
                pending++;
            }

            int done = at - Pending(at, destination.Length, pending);
            _passed[_next].Synchronize();
            int arrived = Math.Min(HalfBytes, destination.Length - done);
            Half(_next)[..arrived].CopyTo(destination[done..]);
            _next ^= 1;
            pending--;
        }
    }

    public void Dispose()
    {
        foreach (CudaEvent? passed in _passed)
            passed?.Dispose();
        _pinned.Dispose();
    }

    /// <summary>Bytes under way: the last piece may be shorter than the others.</summary>
    static int Pending(int at, int length, int pieces)
    {
        int last = at == length && at % HalfBytes != 0 ? at % HalfBytes : HalfBytes;
        return last + (pieces - 1) * HalfBytes;
    }

    Span<byte> Half(int half) => _pinned.As<byte>().Slice(half * HalfBytes, HalfBytes);
}
