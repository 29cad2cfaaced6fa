namespace Preimage.Layers;

/// <summary>A native library that a device needs, as it was found.</summary>
/// <param name="Name">driver, cuBLAS or cuDNN.</param>
/// <param name="Version">Its version: 13.0.2.</param>
/// <param name="Path">The file or name it was loaded by.</param>
public sealed record DeviceLibrary(string Name, string Version, string Path)
{
    /// <summary>cuDNN 9.19.0 (/usr/lib/libcudnn.so.9).</summary>
    public override string ToString() => $"{Name} {Version} ({Path})";
}

/// <summary>A native library that a device needs and that was not found.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Tried">Every name and path that was tried, in order.</param>
public sealed record MissingLibrary(string Name, IReadOnlyList<string> Tried);
