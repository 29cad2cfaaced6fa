using System.Globalization;
using Google.Protobuf.Collections;
using Preimage.Layers.Import.Onnx.Wire;
using Preimage.Layers.Weights;

namespace Preimage.Layers.Import.Onnx;

/// <summary>Files beside a model that hold its weights. Only files in the model's own folder are opened.</summary>
/// <param name="storage">What keeps the files.</param>
/// <param name="folder">The model's folder, or null for a model that was not read from a file.</param>
/// <param name="copy">Whether files are read into memory rather than mapped.</param>
internal sealed class ExternalData(MappedStorage storage, string? folder, bool copy)
{
    readonly Dictionary<string, MappedFile> _files = new(StringComparer.Ordinal);

    /// <summary>Finds a tensor's bytes.</summary>
    /// <exception cref="ShapeException">The place is refused, missing, or too short.</exception>
    public (MappedFile File, long Offset) Find(RepeatedField<StringStringEntryProto> entries, long expected)
    {
        string location = Entry(entries, "location") ?? throw new ShapeException("its external data has no location");
        MappedFile file = Open(location);
        long offset = Number(entries, "offset") ?? 0;
        long length = Number(entries, "length") ?? expected;
        if (length != expected)
            throw new ShapeException($"its external data has {length} bytes where its extents ask for {expected}");
        if (offset > file.Length || length > file.Length - offset)
            throw new ShapeException($"its external data, {length} bytes from {offset} on, is not inside '{location}' of {file.Length} bytes");
        return (file, offset);
    }

    MappedFile Open(string location)
    {
        if (_files.TryGetValue(location, out MappedFile? file))
            return file;
        if (folder is null)
            throw new ShapeException($"its data is in the file '{location}', but the model was not read from a file: load it by its path");
        string path = Check(location);
        try
        {
            file = MappedFile.Open(path, copy);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new ShapeException($"its data file '{location}' cannot be read: {e.Message}");
        }

        _files.Add(location, file);
        storage.Add(file);
        return file;
    }

    /// <summary>The full path of a location that stays inside the model's folder, links followed.</summary>
    string Check(string location)
    {
        string[] parts = location.Split('/', '\\');
        if (location.Length == 0 || location.Contains('\0') || Path.IsPathRooted(location) || parts.Any(p => p is ".." or "") || parts[0].Contains(':'))
            throw Refused(location);
        string root = Path.GetFullPath(folder!);
        string inside = Path.EndsInDirectorySeparator(root) ? root : root + Path.DirectorySeparatorChar;
        string path = root;
        foreach (string part in parts)
        {
            path = Path.Combine(path, part);
            FileSystemInfo? target;
            try
            {
                target = new FileInfo(path).ResolveLinkTarget(returnFinalTarget: true);
            }
            catch (IOException e)
            {
                throw new ShapeException($"its data file '{location}' cannot be read: {e.Message}");
            }

            if (target is not null && !Path.GetFullPath(target.FullName).StartsWith(inside, StringComparison.Ordinal))
                throw Refused(location);
        }

        return path;
    }

    static ShapeException Refused(string location) =>
        new($"its data file '{location}' is refused: only files in the model's own folder are opened");

    static string? Entry(RepeatedField<StringStringEntryProto> entries, string key) => entries.LastOrDefault(e => e.Key == key)?.Value;

    static long? Number(RepeatedField<StringStringEntryProto> entries, string key)
    {
        if (Entry(entries, key) is not { } text)
            return null;
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long value)
            ? value
            : throw new ShapeException($"its external data has the {key} '{text}'");
    }
}
