using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Preimage.Algorithms.Attribution;
using Preimage.Algorithms.Training.Data;
using Preimage.Layers;

namespace Preimage.Algorithms.Metrics;

/// <summary>One image of a measurement.</summary>
internal sealed class MeasuredPicture
{
    readonly MetricRun _run;
    readonly Lazy<FixedTargets> _targets;

    public MeasuredPicture(MetricRun run, int index, float[] values)
    {
        (_run, Index, Values) = (run, index, values);
        Tensor = System.Numerics.Tensors.Tensor.Create(values, run.Shape.ToLengths());
        _targets = new Lazy<FixedTargets>(Resolve);
    }

    /// <summary>Its place among the images.</summary>
    public int Index { get; }

    /// <summary>Its values, C x H x W.</summary>
    public float[] Values { get; }

    /// <summary>The same as a batch of one.</summary>
    public Tensor<float> Tensor { get; }

    /// <summary>What its maps explain, wherever the image is moved to.</summary>
    public Target Target => Targets.Of(0)[0];

    /// <summary>The unit of the target, and its value at the image as it is.</summary>
    public AttributedUnit Unit => Targets.Units[0];

    /// <summary>The node of the target.</summary>
    public Node Node => Targets.Node;

    /// <summary>The node's values at the image as it is.</summary>
    public ReadOnlySpan<float> Outputs => Targets.Values(0);

    /// <summary>The number the target stands for: of a unit its value, of a signal of several units their weighted sum.</summary>
    public double Score(ReadOnlySpan<float> outputs)
    {
        ReadOnlySpan<float> signal = Targets.Seeds(0);
        double sum = 0;
        for (int i = 0; i < outputs.Length; i++)
        {
            if (signal[i] != 0)
                sum += (double)signal[i] * outputs[i];
        }

        return sum;
    }

    /// <summary>The seed of all draws.</summary>
    public ulong Seed => _run.Options.Seed;

    /// <summary>Numbers for one purpose; they follow from the seed, the purpose and the image's values.</summary>
    public SampleRandom Random(string purpose) => new(Seed, Stream(purpose));

    /// <summary>The stream of random numbers for one purpose.</summary>
    public ulong Stream(string purpose)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(purpose));
        hash.AppendData(MemoryMarshal.AsBytes<float>(Values));
        return MemoryMarshal.Read<ulong>(hash.GetHashAndReset());
    }

    FixedTargets Targets => _targets.Value;

    FixedTargets Resolve()
    {
        var inputs = new AttributionInputs(_run.Engine.Network, new Dictionary<string, Tensor<float>> { [_run.Input.Name] = Tensor });
        FixedTargets targets = FixedTargets.Resolve(_run.Engine, new AttributionRequest(inputs, [_run.Options.Target], _run.MapOptions, null, _run.Cancellation));
        return targets.MapsPerSample == 1
            ? targets
            : throw new PreimageException($"{_run.Metric.Name}: a metric looks at one map of an image, the target '{_run.Options.Target}' gives {targets.MapsPerSample}");
    }
}
