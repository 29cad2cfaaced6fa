using System.Globalization;
using Preimage.Algorithms.PreImages;
using Preimage.Layers.Arrays;

namespace Preimage.Cli.Searching;

/// <summary>Masks as they are written on the command line.</summary>
internal static class MaskText
{
    /// <summary>Understands a mask; null stays null.</summary>
    /// <exception cref="UsageException">The text is no mask.</exception>
    public static FeatureMask? Parse(string? text)
    {
        if (text is null)
            return null;
        if (Path.GetExtension(text).Equals(".npy", StringComparison.OrdinalIgnoreCase))
        {
            var weights = NpyFile.Load(text);
            var values = new float[weights.FlattenedLength];
            weights.FlattenTo(values);
            return FeatureMask.Of(values);
        }

        int colon = text.IndexOf(':', StringComparison.Ordinal);
        int[] numbers = [.. (colon < 0 ? "" : text[(colon + 1)..]).Split(',', '-', '/').Select(part =>
            int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : -1)];
        return (colon < 0 ? text : text[..colon], numbers) switch
        {
            ("window", [>= 1]) => FeatureMask.Window(numbers[0]),
            ("box", [>= 0, >= 0, >= 1, >= 1]) => FeatureMask.Box(numbers[0], numbers[1], numbers[2], numbers[3]),
            ("channels", [>= 0, >= 0]) when numbers[1] >= numbers[0] => FeatureMask.Channels(numbers[0], numbers[1] - numbers[0] + 1),
            ("group", [>= 0, >= 1]) => FeatureMask.Group(numbers[0], numbers[1]),
            _ => throw new UsageException($"--mask {text}: window:N, box:TOP,LEFT,HEIGHT,WIDTH, channels:FIRST-LAST, group:INDEX/OF or an .npy file is wanted"),
        };
    }
}
