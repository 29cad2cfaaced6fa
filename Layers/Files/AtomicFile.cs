namespace Preimage.Layers.Files;

/// <summary>Writes a file so that a reader sees the old content or the new one, never half of it.</summary>
public static class AtomicFile
{
    /// <summary>Writes to a temporary file beside <paramref name="path"/> and renames it when all went well.</summary>
    /// <param name="path">The file to create or replace; its folder must exist.</param>
    /// <param name="write">Called once with the open temporary file.</param>
    /// <exception cref="IOException">The file cannot be written; the old one is untouched.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(write);
        string full = Path.GetFullPath(path);
        // Said here, because the system's message would name the temporary file.
        if (Path.GetDirectoryName(full) is { } folder && !Directory.Exists(folder))
            throw new DirectoryNotFoundException($"'{path}' cannot be written: there is no folder '{folder}'.");
        // In the same folder, because a rename is atomic only within one file system.
        string temporary = $"{full}.{Guid.NewGuid():N}.tmp";
        try
        {
            using (var stream = Open(temporary, path))
                write(stream);
            File.Move(temporary, full, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    static FileStream Open(string temporary, string path)
    {
        try
        {
            return new FileStream(temporary, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception e) when (e is UnauthorizedAccessException or FileNotFoundException)
        {
            throw new IOException($"'{path}' cannot be written: '{Path.GetDirectoryName(temporary)}' lets no file be made in it.", e);
        }
    }
}
