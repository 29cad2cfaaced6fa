using Preimage.Layers;

namespace Preimage.Algorithms.Imaging;

/// <summary>A picture file that is damaged, too large or of a kind this library does not read.</summary>
public sealed class ImageFormatException : PreimageException
{
    /// <summary>Creates the error for one file.</summary>
    /// <param name="source">The file or what stands for it.</param>
    /// <param name="reason">What is wrong, with the numbers.</param>
    /// <param name="inner">The cause, if another error led here.</param>
    public ImageFormatException(string source, string reason, Exception? inner = null)
        : base($"{source}: {reason}", inner) => Reason = reason;

    /// <summary>What is wrong, without the name of the file.</summary>
    public string Reason { get; }
}
