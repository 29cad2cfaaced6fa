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
            source.Slice(at, bytes).CopyTo(Memory(_next));
            _stream.UploadLater(destination + at, _pinned, (long)_next * HalfBytes, bytes);
            _passed[_next].Record(_stream);
            _next ^= 1;
        }
    }

    /// <summary>Copies out, behind all work given to the stream; it is all there when this returns.</summary>
    public void Download(nint source, Span<byte> destination)
    {
        int first = _next;
        for (int asked = 0, done = 0; done < destination.Length; done += HalfBytes)
        {
            for (; asked < destination.Length && asked - done < 2 * HalfBytes; asked += HalfBytes)
            {
                int half = Half(first, asked);
                _stream.DownloadLater(_pinned, (long)half * HalfBytes, source + asked, Math.Min(HalfBytes, destination.Length - asked));
                _passed[half].Record(_stream);
            }

            int arrived = Half(first, done);
            _passed[arrived].Synchronize();
            Memory(arrived)[..Math.Min(HalfBytes, destination.Length - done)].CopyTo(destination[done..]);
            _next = arrived ^ 1;
        }
    }

    public void Dispose()
    {
        foreach (CudaEvent? passed in _passed)
            passed?.Dispose();
        _pinned.Dispose();
    }

    /// <summary>The half that the piece at an offset goes through, when the first piece goes through a given one.</summary>
    static int Half(int first, int at) => (first + at / HalfBytes) & 1;

    Span<byte> Memory(int half) => _pinned.As<byte>().Slice(half * HalfBytes, HalfBytes);
}
