using System.Numerics.Tensors;
using Preimage.Algorithms.Imaging;
using Preimage.Algorithms.Imaging.Rendering;
using Preimage.Cli.Documents;
using Preimage.Layers;
using Preimage.Layers.Arrays;
using Preimage.Layers.Kinds;

namespace Preimage.Cli.Inputs;

/// <summary>Reads pictures and arrays for one network.</summary>
internal sealed class InputReader
{
    readonly Node _input;
    readonly Shape _declared;

    /// <summary>Makes a reader.</summary>
    /// <param name="network">The network; it must have one input.</param>
    /// <param name="preprocess">A preset or a .json file, or null for what the model's file says, or else to guess.</param>
    /// <exception cref="UsageException">There is no such preset.</exception>
    public InputReader(Network network, string? preprocess)
    {
        _input = network.Input;
        _declared = ((Input)_input.Layer).Shape;
        Preprocessing? own = preprocess is null ? Preprocessing.OfModel(network) : null;
        IsGuess = preprocess is null && own is null;
        Preprocessing = own ?? (preprocess is null ? Guess(_declared) : Find(preprocess));
    }

    /// <summary>How pictures become inputs.</summary>
    public Preprocessing Preprocessing { get; }

    /// <summary>Whether nobody said so.</summary>
    public bool IsGuess { get; }

    /// <summary>Reads a picture, or an array of one or several samples.</summary>
    public IEnumerable<NetworkInput> Read(string path) =>
        Path.GetExtension(path).Equals(".npy", StringComparison.OrdinalIgnoreCase) ? ReadArray(path) : [ReadPicture(path)];

    /// <summary>Reads a picture and prepares it.</summary>
    public PreparedInput Prepare(string path)
    {
        Picture picture = Picture.Load(InputFile.RequireImage(path));
        try
        {
            return Preprocessing.Apply(picture, _input, path);
        }
        catch (ArgumentException e)
        {
            // The settings and the network do not go together, which is the user's to mend.
            throw new PreimageException($"{path}: {e.Message}", e);
        }
    }

    /// <summary>Prepared pictures; one that cannot be read is noted, so that a bad file does not spoil a long search.</summary>
    public IEnumerable<PreparedInput> Readable(string[] files, List<SkippedDocument> skipped)
    {
        foreach (string file in files)
        {
            PreparedInput? prepared = null;
            try
            {
                prepared = Prepare(file);
            }
            catch (Exception e) when (e is ImageFormatException or IOException or UnauthorizedAccessException or DllNotFoundException)
            {
                skipped.Add(new SkippedDocument(file, e.Message));
            }

            if (prepared is not null)
                yield return prepared;
        }
    }

    NetworkInput ReadPicture(string path)
    {
        PreparedInput prepared = Prepare(path);
        return new NetworkInput(path, prepared.Tensor, prepared.Shown, prepared.Preprocessing);
    }

    IEnumerable<NetworkInput> ReadArray(string path)
    {
        Tensor<float> array = NpyFile.Load(InputFile.RequireImage(path));
        int[] extents = [.. array.Lengths.ToArray().Select(l => checked((int)l))];
        if (extents.Length == _declared.Rank - 1)
            extents = [1, .. extents];
        if (extents.Length != _declared.Rank || extents.Contains(0))
            throw new PreimageException($"{path}: the network's input '{_input.Name}' is {_input.Layer}, the array is {string.Join('x', extents)}");
        var all = new float[array.FlattenedLength];
        array.FlattenTo(all);
        int samples = extents[0], size = all.Length / samples;
        extents[0] = 1;
        for (int n = 0; n < samples; n++)
        {
            float[] values = all.AsSpan(n * size, size).ToArray();
            Tensor<float> tensor = Tensor.Create(values, Array.ConvertAll(extents, e => (nint)e));
            yield return new NetworkInput(samples == 1 ? path : $"{path}[{n}]", tensor, Draw(values, extents), null);
        }
    }

    /// <summary>The array as a picture, stretched between its extremes: how it was made is not known.</summary>
    Picture? Draw(float[] values, int[] extents) => extents is [_, 1 or 3, _, _]
        ? (MapRenderer.JointRgb with { Order = Preprocessing.Order, MinimumWidth = 1 }).Render(values, extents[1], extents[2], extents[3]).Picture
        : null;

    static Preprocessing Guess(Shape input) => input.C == 1 ? Preprocessing.Mnist : Preprocessing.Unit;

    /// <summary>The settings of a preset or of a .json file.</summary>
    /// <exception cref="UsageException">There is no such preset.</exception>
    public static Preprocessing Find(string preprocess)
    {
        if (Path.GetExtension(preprocess).Equals(".json", StringComparison.OrdinalIgnoreCase))
            return Preprocessing.Load(InputFile.Require(preprocess));
        return Preprocessing.Presets.FirstOrDefault(p => p.Name == preprocess) ?? throw new UsageException(
            $"there is no preprocessing '{preprocess}': {string.Join(", ", Preprocessing.Presets.Select(p => p.Name))}, or a .json file of settings");
    }
}
