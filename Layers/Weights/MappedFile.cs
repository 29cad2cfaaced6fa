using System.IO.MemoryMappedFiles;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace Preimage.Layers.Weights;

/// <summary>The bytes of one file, mapped into memory or held in it. Read-only.</summary>
/// <remarks>A mapped file must not be cut short by others meanwhile: the system ends a process that reads past the new end.</remarks>
internal sealed unsafe class MappedFile : IDisposable
{
    readonly SafeFileHandle? _handle;
    readonly MemoryMappedFile? _file;
    readonly MemoryMappedViewAccessor? _view;
    readonly byte[]? _bytes;
    byte* _address;

    MappedFile(SafeFileHandle handle, long length)
    {
        _handle = handle;
        Length = length;
        try
        {
            _file = MemoryMappedFile.CreateFromFile(handle, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
            _view = _file.CreateViewAccessor(0, length, MemoryMappedFileAccess.Read);
            _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _address);
            // The view starts where it was asked to, even if the system mapped from an earlier page on.
            _address += _view.PointerOffset;
        }
        catch
        {
            _view?.Dispose();
            _file?.Dispose();
            throw;
        }
    }

    MappedFile(byte[] pinned)
    {
        _bytes = pinned;
        Length = pinned.Length;
        _address = (byte*)System.Runtime.CompilerServices.Unsafe.AsPointer(
            ref System.Runtime.InteropServices.MemoryMarshal.GetArrayDataReference(pinned));
    }

    /// <summary>How many bytes there are.</summary>
    public long Length { get; }

    /// <summary>Where they start.</summary>
    /// <exception cref="ObjectDisposedException">The file was given back.</exception>
    public byte* Address
    {
        get
        {
            ObjectDisposedException.ThrowIf(_address is null, this);
            return _address;
        }
    }

    /// <summary>Maps a file, or reads it into memory where others may change it.</summary>
    /// <exception cref="IOException">The file is not there or cannot be read.</exception>
    /// <exception cref="ModelException">The file is empty.</exception>
    public static MappedFile Open(string path, bool copy)
    {
        SafeFileHandle handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        MappedFile? mapped = null;
        try
        {
            long length = RandomAccess.GetLength(handle);
            if (length == 0)
                throw new ModelException($"'{path}' is empty");
            if (!copy)
                return mapped = new MappedFile(handle, length);
            using var stream = new FileStream(handle, FileAccess.Read, 1);
            return Read(stream, length);
        }
        finally
        {
            if (mapped is null)
                handle.Dispose();
        }
    }

    /// <summary>Copies bytes.</summary>
    /// <exception cref="ModelException">There are none.</exception>
    public static MappedFile Of(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
            throw new ModelException("the model is empty");
        byte[] pinned = Allocate(bytes.Length);
        bytes.CopyTo(pinned);
        return new MappedFile(pinned);
    }

    /// <summary>Copies what is left of a stream.</summary>
    /// <exception cref="ModelException">Nothing is left.</exception>
    public static MappedFile Of(Stream stream)
    {
        if (stream.CanSeek && stream.Length > stream.Position)
            return Read(stream, stream.Length - stream.Position);
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return Of(copy.GetBuffer().AsSpan(0, checked((int)copy.Length)));
    }

    /// <summary>Copies bytes, from the file rather than from the map: pages of a map that were read stay resident.</summary>
    /// <exception cref="ObjectDisposedException">The file was given back.</exception>
    /// <exception cref="EndOfStreamException">Others have cut the file short.</exception>
    public void Read(long offset, Span<byte> destination)
    {
        if (_handle is null)
        {
            new ReadOnlySpan<byte>(Address + offset, destination.Length).CopyTo(destination);
            return;
        }

        ObjectDisposedException.ThrowIf(_address is null, this);
        for (int read; !destination.IsEmpty; destination = destination[read..], offset += read)
        {
            read = RandomAccess.Read(_handle, destination, offset);
            if (read == 0)
                throw new EndOfStreamException($"the model file had {Length} bytes when it was opened, and has none at {offset} any more");
        }
    }

    /// <summary>Adds the bytes to a hash.</summary>
    public void AppendTo(IncrementalHash hash)
    {
        var piece = new byte[(int)Math.Min(1 << 16, Length)];
        for (long at = 0; at < Length; at += piece.Length)
        {
            Span<byte> bytes = piece.AsSpan(0, (int)Math.Min(piece.Length, Length - at));
            Read(at, bytes);
            hash.AppendData(bytes);
        }
    }

    public void Dispose()
    {
        if (_address is null)
            return;
        _address = null;
        _view?.SafeMemoryMappedViewHandle.ReleasePointer();
        _view?.Dispose();
        _file?.Dispose();
        _handle?.Dispose();
    }

    static MappedFile Read(Stream stream, long length)
    {
        if (length > Array.MaxLength)
            throw new ModelException($"{length} bytes are too many to be copied into memory at once: map the file (LoadOptions.Copy = false)");
        byte[] pinned = Allocate((int)length);
        stream.ReadExactly(pinned);
        return new MappedFile(pinned);
    }

    // Pinned, so that addresses into it stay good; freed by the garbage collector.
    static byte[] Allocate(int length) => GC.AllocateUninitializedArray<byte>(length, pinned: true);
}
