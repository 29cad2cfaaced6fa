using Preimage.Layers.Kinds;

namespace Preimage.Layers.Weights;

/// <summary>A copy of all weights of a network that may be changed: what training works on.</summary>
/// <remarks>
/// <para>The weights of a layer that several nodes share are one parameter, and its gradient is the sum over these nodes; those of two layers are two, even
/// where both were read from one array. The statistics of batch norms are none: they stay as they are.</para>
/// <para>Engines of <see cref="Network"/> read the values as they are at the start of a forward pass. Change them, here or in a
/// <see cref="Loops.DeviceLoop"/>, while no other plan runs.</para>
/// </remarks>
/// <example><code>
/// using var parameters = Parameters.Of(network);
/// using Engine engine = parameters.Network.On(device);
/// </code></example>
public sealed class Parameters : IDisposable
{
    readonly Dictionary<Parameter, ParameterWeights> _weights;

    Parameters(Network network)
    {
        Network = network;
        _weights = network.Nodes.DistinctBy(n => n.Layer).SelectMany(n => n.Layer.Learnt.Select(w => (Node: n, Role: w.Key, Weights: (ParameterWeights)w.Value)))
            .ToDictionary(p => new Parameter(p.Node, p.Role, p.Weights.Extents, p.Weights.Count), p => p.Weights);
        All = [.. _weights.Keys];
    }

    /// <summary>The same graph as the one copied from, nodes under the same names, reading this copy. Disposed with it.</summary>
    public Network Network { get; }

    /// <summary>The parameters: nodes in order, roles as in <see cref="Layer.Weights"/>.</summary>
    public IReadOnlyList<Parameter> All { get; }

    /// <summary>Copies the weights of a network.</summary>
    /// <exception cref="ObjectDisposedException">The network was disposed.</exception>
    public static Parameters Of(Network network)
    {
        ArgumentNullException.ThrowIfNull(network);
        var storage = new ParameterStorage(network.Storage);
        try
        {
            var copies = new Dictionary<(Layer, string), ParameterWeights>();
            foreach (Layer layer in network.Nodes.Select(n => n.Layer).Distinct())
            {
                foreach ((string role, WeightSource source) in layer.Learnt)
                    copies.Add((layer, role), new ParameterWeights(storage, source));
            }

            storage.Hold(copies.Values);
            return new Parameters(network.WithSources((slot, _) => copies.GetValueOrDefault(slot), storage));
        }
        catch
        {
            storage.Release();
            throw;
        }
    }

    /// <summary>Copies the values of a parameter out.</summary>
    /// <exception cref="ShapeException">There are more or fewer than <see cref="Parameter.Count"/>.</exception>
    public void Read(Parameter parameter, Span<float> values) => Find(nameof(Read), parameter, values.Length).Read(0, values);

    /// <summary>Changes the values of a parameter.</summary>
    /// <exception cref="ShapeException">There are more or fewer than <see cref="Parameter.Count"/>.</exception>
    public void Write(Parameter parameter, ReadOnlySpan<float> values) => Find(nameof(Write), parameter, values.Length).Write(values);

    /// <summary>Makes a network of the values as they are now; it stays as it is whatever happens to these.</summary>
    public Network ToNetwork()
    {
        // A layer is asked for once, however many nodes share it.
        return Network.WithSources((_, source) => source is ParameterWeights ? new MemoryWeights(source.ToArray(), [.. source.Extents]) : null, null);
    }

    /// <summary>Frees the copy when the last engine of it is disposed.</summary>
    public void Dispose() => Network.Dispose();

    ParameterWeights Find(string call, Parameter parameter, int count)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        ObjectDisposedException.ThrowIf(Network.IsDisposed, this);
        if (!_weights.TryGetValue(parameter, out ParameterWeights? weights))
            throw new PreimageException($"{call}: {parameter} is no parameter of this network: take it from Parameters.All");
        return count == weights.Count ? weights : throw new ShapeException($"{call}: {count} values for {parameter}, which has {weights.Count}");
    }
}
