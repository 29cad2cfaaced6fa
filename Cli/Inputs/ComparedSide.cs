using Preimage.Layers;

namespace Preimage.Cli.Inputs;

/// <summary>A side of a comparison as it is written on the command line: a device, with a precision behind it or without.</summary>
/// <param name="Device">The device.</param>
/// <param name="Precision">The arithmetic, or null where the command says.</param>
internal sealed record ComparedSide(Device Device, Precision? Precision)
{
    /// <summary>Understands two sides: cpu,cuda:0 or cpu,cpu:strict or cuda:0:fast,cuda:1.</summary>
    public static bool TryParse(string text, out ComparedSide[] sides)
    {
        string[] parts = text.Split(',');
        sides = [.. parts.Select(One).OfType<ComparedSide>()];
        return parts.Length == 2 && sides.Length == 2;
    }

    /// <summary>Understands a precision's name.</summary>
    public static Precision? PrecisionOf(string text) => Array.Find(PrecisionNames, n => n == text) is null ? null : Enum.Parse<Precision>(text, ignoreCase: true);

    /// <summary>All precisions as they are written.</summary>
    public static string[] PrecisionNames { get; } = ["single", "strict", "fast"];

    static ComparedSide? One(string text)
    {
        int colon = text.LastIndexOf(':');
        Precision? precision = colon < 0 ? null : PrecisionOf(text[(colon + 1)..]);
        return DeviceName.TryParse(precision is null ? text : text[..colon], out Device device) ? new ComparedSide(device, precision) : null;
    }
}
