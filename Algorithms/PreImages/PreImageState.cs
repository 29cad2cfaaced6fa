using System.Numerics.Tensors;
using System.Text;
using Preimage.Layers;
using Preimage.Layers.Arrays;

namespace Preimage.Algorithms.PreImages;

/// <summary>Where a search stopped: all it takes to go on to the same bytes as if it had not (<see cref="PreImageOptions.Resume"/>).</summary>
public sealed class PreImageState
{
    const string SettingsName = "settings";

    internal PreImageState(string settings, IReadOnlyDictionary<string, NpyArray> arrays)
    {
        Settings = settings;
        Arrays = arrays;
    }

    /// <summary>The settings that images depend on; a search goes on only with the same.</summary>
    public string Settings { get; }

    internal IReadOnlyDictionary<string, NpyArray> Arrays { get; }

    /// <summary>Saves the state as an .npz archive.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path) => NpzFile.Save(path, Arrays.Prepend(new(SettingsName, Text(Settings))));

    /// <summary>Loads a state.</summary>
    /// <exception cref="ArrayFormatException">The archive is damaged.</exception>
    /// <exception cref="PreimageException">It is no state of a search.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static PreImageState Load(string path)
    {
        NpzFile file = NpzFile.Load(path);
        if (!file.Names.Contains(SettingsName))
            throw new PreimageException($"'{path}' is no state of a search: it has no array '{SettingsName}'");
        return new PreImageState(ReadText(file[SettingsName]), file.Names.Where(n => n != SettingsName).ToDictionary(n => n, n => file[n]));
    }

    internal static NpyArray Text(string text) => NpyArray.From(Tensor.Create(Encoding.UTF8.GetBytes(text)));

    internal static string ReadText(NpyArray array)
    {
        Tensor<byte> tensor = array.ToByte();
        var bytes = new byte[tensor.FlattenedLength];
        tensor.FlattenTo(bytes);
        return Encoding.UTF8.GetString(bytes);
    }
}
