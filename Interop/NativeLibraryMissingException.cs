namespace Preimage.Interop;

/// <summary>A native library that is needed is not on this machine.</summary>
public sealed class NativeLibraryMissingException : DllNotFoundException
{
    internal NativeLibraryMissingException(string library, IReadOnlyList<string> tried, string advice)
        : base($"{library} was not found. Tried: {string.Join(", ", tried)}. {advice}") => Tried = tried;

    /// <summary>Every name and path that was tried, in order.</summary>
    public IReadOnlyList<string> Tried { get; }
}
