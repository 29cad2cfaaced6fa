using System.IO.MemoryMappedFiles;
using System.Security.Cryptography;

namespace Preimage.Layers.Weights;

/// <summary>The bytes of one file, mapped into memory or held in it. Read-only.</summary>
/// <remarks>A mapped file must not be cut short by others meanwhile: the system ends a process that reads past the new end.</remarks>
internal sealed unsafe class MappedFile : IDisposable
{
    readonly MemoryMappedFile? _file;
    readonly MemoryMappedViewAccessor? _view;
    readonly byte[]? _bytes;
    byte* _address;

    MappedFile(MemoryMappedFile file, long length)
    {
        _file = file;
        Length = length;
        try
        {
            _view = file.CreateViewAccessor(0, length, MemoryMappedFileAccess.Read);
            _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _address);
            // The view starts where it was asked to, even if the system mapped from an earlier page on.
            _address += _view.PointerOffset;
        }
        catch
        {
            _view?.Dispose();
            file.Dispose();
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
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 1);
        if (stream.Length == 0)
            throw new ModelException($"'{path}' is empty");
        return copy
            ? Read(stream, stream.Length)
            : new MappedFile(
                MemoryMappedFile.CreateFromFile(stream, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true),
                stream.Length);
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

    /// <summary>Adds the bytes to a hash.</summary>
    public void AppendTo(IncrementalHash hash)
    {
        const int Piece = 1 << 24;
        for (long at = 0; at < Length; at += Piece)
            hash.AppendData(new ReadOnlySpan<byte>(Address + at, (int)Math.Min(Piece, Length - at)));
    }

    public void Dispose()
    {
        if (_address is null)
            return;
        _address = null;
        _view?.SafeMemoryMappedViewHandle.ReleasePointer();
        _view?.Dispose();
        _file?.Dispose();
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
