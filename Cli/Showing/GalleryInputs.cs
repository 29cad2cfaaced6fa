using Preimage.Algorithms.Imaging;
using Preimage.Algorithms.Imaging.Rendering;
using Preimage.Cli.Inputs;
using Preimage.Layers;

namespace Preimage.Cli.Showing;

/// <summary>Reads what a gallery shows: pictures, and arrays of one sample.</summary>
internal static class GalleryInputs
{
    /// <summary>Reads one file.</summary>
    /// <exception cref="PreimageException">It holds several samples, or values that are not drawn as a picture.</exception>
    public static PreparedInput Read(InputReader reader, string path)
    {
        NetworkInput[] samples = [.. reader.Read(path).Take(2)];
        if (samples.Length != 1)
            throw new PreimageException($"{path} holds several samples: a gallery takes pictures, and arrays of one sample, which command lines can name");
        NetworkInput input = samples[0];
        Picture shown = input.Shown ?? Sum(input);
        return new PreparedInput(input.Tensor, input.Preprocessing ?? reader.Preprocessing with { Name = "none: the array is the network's input as it is" }, shown, path);
    }

    /// <summary>Channels that are no colours, as their sum.</summary>
    static Picture Sum(NetworkInput input) => input.Tensor.Rank == 4
        ? (MapRenderer.Signed with { MinimumWidth = 1 }).Render(input.Tensor.AsReadOnlyTensorSpan()).Picture
        : throw new PreimageException($"{input.Source}: the network takes {string.Join('x', input.Tensor.Lengths.ToArray())} values, which are no picture, and a gallery shows pictures");
}
