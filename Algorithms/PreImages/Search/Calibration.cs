using System.Numerics.Tensors;
using Preimage.Algorithms.Attribution;
using Preimage.Algorithms.Experiments;
using Preimage.Algorithms.Imaging;
using Preimage.Layers;

namespace Preimage.Algorithms.PreImages.Search;

/// <summary>Largest activations over pictures the library draws, for those who bring none of their own.</summary>
internal static class Calibration
{
    /// <summary>How many pictures there are: one scene whole and in three parts, each mirrored or not, in its colours or in others.</summary>
    public const int Count = 16;

    /// <summary>The largest activation of every channel.</summary>
    public static IReadOnlyList<UnitMaxima> Find(Engine engine, PixelScale pixels, string node, IReadOnlyList<int> channels, CancellationToken cancellation)
    {
        Shape input = engine.Network.InputShape;
        IEnumerable<PreparedInput> pictures = Enumerable.Range(0, Count).Select(i => Prepare(Draw(i, input.W, input.H), i, input, pixels));
        return new TopActivations(engine).Search(node, pictures, 1, channels, cancellation: cancellation);
    }

    static Picture Draw(int index, int width, int height)
    {
        Picture scene = (index >> 2) switch
        {
            0 => DrawnPicture.House(width, height),
            int part => DrawnPicture.House(2 * width, 2 * height).Crop(part == 1 ? 0 : part == 2 ? width : width / 2, part == 3 ? height / 2 : height, width, height),
        };
        bool mirrored = (index & 1) != 0, recoloured = (index & 2) != 0;
        var drawn = new byte[scene.Pixels.Length];
        for (int y = 0; y < height; y++)
            for (int x = 0; x < width; x++)
                for (int c = 0; c < 3; c++)
                    drawn[(y * width + x) * 3 + c] = scene[mirrored ? width - 1 - x : x, y, recoloured ? (c + 1) % 3 : c];
        return new Picture(width, height, 3, drawn);
    }

    static PreparedInput Prepare(Picture picture, int index, Shape input, PixelScale pixels)
    {
        Picture shown = input.C == 1 ? picture.ToGrey() : picture;
        if (input.C != shown.Channels)
            throw new PreimageException($"drawn pictures are grey or RGB, the network takes {input.C} channels: give UnitMaxima");
        double[] factor = PixelScale.Spread(pixels.Factor, nameof(PixelScale.Factor), input.C);
        double[] centre = PixelScale.Spread(pixels.Centre, nameof(PixelScale.Centre), input.C);
        double[] shift = PixelScale.Spread(pixels.Shift, nameof(PixelScale.Shift), input.C);
        int plane = input.H * input.W;
        var values = new float[input.C * plane];
        for (int i = 0; i < values.Length; i++)
        {
            int c = i / plane, colour = pixels.Order == ChannelOrder.Bgr ? input.C - 1 - c : c;
            values[i] = (float)(factor[c] * (shown.Pixels[i % plane * input.C + colour] - centre[c]) + shift[c]);
        }

        return new PreparedInput(Tensor.Create(values, [1, input.C, input.H, input.W]), new Preprocessing { Name = "drawn" }, shown, $"drawn picture {index}");
    }
}
