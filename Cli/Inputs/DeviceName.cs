using System.Globalization;
using Preimage.Layers;

namespace Preimage.Cli.Inputs;

/// <summary>Devices as they are written on the command line.</summary>
internal static class DeviceName
{
    /// <summary>Understands cpu, best, cuda and cuda:N.</summary>
    public static bool TryParse(string text, out Device device)
    {
        const string Cuda = "cuda";
        int ordinal = 0;
        device = text == "best" ? Device.Best : Device.Cpu;
        if (text is "cpu" or "best")
            return true;
        if (!text.StartsWith(Cuda, StringComparison.Ordinal))
            return false;
        ReadOnlySpan<char> rest = text.AsSpan(Cuda.Length);
        if (rest.Length > 0 && (rest[0] != ':' || !int.TryParse(rest[1..], NumberStyles.None, CultureInfo.InvariantCulture, out ordinal)))
            return false;
        device = Device.Cuda(ordinal);
        return true;
    }
}
