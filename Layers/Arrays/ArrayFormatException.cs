namespace Preimage.Layers.Arrays;

/// <summary>An array file that is damaged, truncated or of a kind this library does not read.</summary>
public sealed class ArrayFormatException : PreimageException
{
    /// <summary>Creates the error for one file.</summary>
    /// <param name="source">The file, or the entry of an archive.</param>
    /// <param name="reason">What is wrong, with the numbers.</param>
    /// <param name="inner">The cause, if another error led here.</param>
    public ArrayFormatException(string source, string reason, Exception? inner = null)
        : base($"{source}: {reason}", inner) => Reason = reason;

    /// <summary>What is wrong, without the name of the file.</summary>
    public string Reason { get; }
}
