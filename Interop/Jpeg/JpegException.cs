namespace Preimage.Interop.Jpeg;

/// <summary>libjpeg-turbo refused a picture.</summary>
public sealed class JpegException(string call, string message) : Exception($"{call}: {message}")
{
    /// <summary>The native function that failed.</summary>
    public string Call { get; } = call;
}
