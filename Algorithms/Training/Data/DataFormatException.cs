using Preimage.Layers;

namespace Preimage.Algorithms.Training.Data;

/// <summary>A file or folder of samples that is not there, damaged, or not what its name says.</summary>
public sealed class DataFormatException : PreimageException
{
    /// <summary>Creates the error for one file or folder.</summary>
    /// <param name="source">The file or folder.</param>
    /// <param name="reason">What was found there and what should be, with the numbers.</param>
    /// <param name="inner">The cause, if another error led here.</param>
    public DataFormatException(string source, string reason, Exception? inner = null) : base($"{source}: {reason}", inner) { }
}
