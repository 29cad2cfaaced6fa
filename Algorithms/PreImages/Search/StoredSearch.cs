using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Preimage.Layers;
using Preimage.Layers.Arrays;
using Preimage.Layers.Loops;

namespace Preimage.Algorithms.PreImages.Search;

/// <summary>What a state holds: the images of groups of restarts that are done, the arrays of the one that is not, the trace.</summary>
/// <remarks>Doubles are kept as bytes: an energy is to come back as it was.</remarks>
internal sealed class StoredSearch
{
    readonly PreImageState _state;

    StoredSearch(PreImageState state, SearchSettings settings)
    {
        _state = state;
        int[] position = [.. Of("position").ToInt32()];
        (Group, Phase, Iteration, Iterations) = (position[0], position[1], position[2], position[3]);
        Images = [.. Enumerable.Range(0, Group).Select(g => Floats($"images/{g}"))];
        Trace = new PreImageTrace(PreImageState.ReadText(Of("trace/terms")).Split('\n'));
        for (int i = 0; i < position[4]; i++)
        {
            int[] segment = [.. Of($"trace/{i}/segment").ToInt32()];
            SearchPhase phase = settings.Phases[segment[0]];
            Trace.Begin(phase, segment[1], segment[2]).Append(Doubles($"trace/{i}/energies"));
        }
    }

    /// <summary>The group of restarts that was not done.</summary>
    public int Group { get; }

    public int Phase { get; }

    /// <summary>Iterations of that phase that were done.</summary>
    public int Iteration { get; }

    /// <summary>Iterations of everything that were done.</summary>
    public int Iterations { get; }

    public IReadOnlyList<float[]> Images { get; }

    public PreImageTrace Trace { get; }

    /// <summary>Reads a state.</summary>
    /// <exception cref="PreimageException">It is of another search.</exception>
    public static StoredSearch Of(PreImageState state, SearchSettings settings)
    {
        if (state.Settings != settings.Fingerprint)
            throw new PreimageException($"PreImageOptions.Resume is of a search with other settings:\n{state.Settings}\nnot\n{settings.Fingerprint}");
        return new StoredSearch(state, settings);
    }

    /// <summary>Takes down where a search is.</summary>
    public static PreImageState Store(SearchSettings settings, PhaseLoop loop, IReadOnlyList<float[]> images, PreImageTrace trace, int group, int iterations)
    {
        var arrays = new Dictionary<string, NpyArray>
        {
            ["position"] = NpyArray.From(Tensor.Create<int>([group, loop.Phase.Index, loop.Iteration, iterations, trace.Segments.Count])),
            ["trace/terms"] = PreImageState.Text(string.Join('\n', trace.Terms)),
            ["loop/lowest"] = Bytes(loop.Lowest.ToArray()),
            ["loop/numbers"] = Bytes(loop.Numbers),
        };
        foreach ((string name, DeviceArray<float> values) in loop.State)
            arrays[$"loop/{name}"] = NpyArray.From(Tensor.Create(values.ToArray()));
        for (int i = 0; i < images.Count; i++)
            arrays[$"images/{i}"] = NpyArray.From(Tensor.Create(images[i]));
        for (int i = 0; i < trace.Segments.Count; i++)
        {
            PreImageTrace.Segment segment = trace.Segments[i];
            arrays[$"trace/{i}/segment"] = NpyArray.From(Tensor.Create<int>([segment.Phase, segment.FirstRestart, segment.Rows]));
            arrays[$"trace/{i}/energies"] = Bytes(segment.All);
        }

        return new PreImageState(settings.Fingerprint, arrays);
    }

    /// <summary>Puts the arrays of the group that was not done into its loop.</summary>
    /// <returns>The segment of the trace that goes on.</returns>
    public PreImageTrace.Segment Restore(PhaseLoop loop)
    {
        foreach ((string name, DeviceArray<float> values) in loop.State)
            values.Upload(Floats($"loop/{name}"));
        loop.Lowest.Upload(Doubles("loop/lowest"));
        Doubles("loop/numbers").CopyTo(loop.Numbers);
        loop.Iteration = Iteration;
        return Trace.Segments[^1];
    }

    NpyArray Of(string name) => _state.Arrays.TryGetValue(name, out NpyArray? array)
        ? array
        : throw new PreimageException($"the state of a search has no array '{name}'");

    float[] Floats(string name)
    {
        Tensor<float> tensor = Of(name).ToSingle();
        var values = new float[tensor.FlattenedLength];
        tensor.FlattenTo(values);
        return values;
    }

    double[] Doubles(string name)
    {
        Tensor<byte> tensor = Of(name).ToByte();
        var bytes = new byte[tensor.FlattenedLength];
        tensor.FlattenTo(bytes);
        return MemoryMarshal.Cast<byte, double>(bytes).ToArray();
    }

    static NpyArray Bytes(ReadOnlySpan<double> values) => NpyArray.From(Tensor.Create(MemoryMarshal.AsBytes(values).ToArray()));
}
