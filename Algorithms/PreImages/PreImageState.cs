using Preimage.Layers;
using Preimage.Layers.Arrays;

namespace Preimage.Algorithms.PreImages;

/// <summary>Where a search stopped: all it takes to go on to the same bytes as if it had not (<see cref="PreImageOptions.Resume"/>).</summary>
public sealed class PreImageState
{
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
    public void Save(string path) => throw new NotImplementedException();

    /// <summary>Loads a state.</summary>
    /// <exception cref="ArrayFormatException">The archive is damaged.</exception>
    /// <exception cref="PreimageException">It is no state of a search.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static PreImageState Load(string path) => throw new NotImplementedException();
}
