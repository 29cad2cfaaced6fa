using System.Text.Json;
using System.Text.Json.Serialization;
using Preimage.Layers.Files;

namespace Preimage.Layers;

/// <summary>A choice of cuDNN's algorithms made by timing them (<see cref="Engine.Tune"/>), to be kept in a file and used again (<see cref="EngineOptions.Tuning"/>).</summary>
/// <remarks>Without one, plans use the first algorithm that cuDNN's heuristics offer: a choice by timing may differ from run to run, and results with it by rounding.
/// Loading a file makes the choice the same everywhere it fits.</remarks>
/// <param name="Gpu">The product name of the GPU it was made on.</param>
/// <param name="Cudnn">cuDNN's version.</param>
/// <param name="Precision">The arithmetic it was made for.</param>
/// <param name="Convolutions">The choices.</param>
public sealed record ConvolutionTuning(string Gpu, string Cudnn, Precision Precision, IReadOnlyList<TunedConvolution> Convolutions)
{
    /// <summary>Reads a file of <see cref="Save"/>.</summary>
    /// <exception cref="PreimageException">It is no such file.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static ConvolutionTuning Load(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        byte[] text = File.ReadAllBytes(path);
        try
        {
            if (JsonSerializer.Deserialize(text, TuningContext.Default.ConvolutionTuning) is { Gpu: not null, Cudnn: not null, Convolutions: not null } tuning)
                return tuning;
        }
        catch (JsonException e)
        {
            throw new PreimageException($"{path} is no tuning of convolutions: {e.Message}", e);
        }

        throw new PreimageException($"{path} is no tuning of convolutions: the GPU, cuDNN's version or the choices are missing");
    }

    /// <summary>Writes a file, JSON.</summary>
    /// <exception cref="IOException">It cannot be written; an old one is untouched.</exception>
    public void Save(string path) => AtomicFile.Write(path, stream => JsonSerializer.Serialize(stream, this, TuningContext.Default.ConvolutionTuning));
}

/// <summary>The algorithm chosen for one computation.</summary>
/// <param name="Problem">The pass, the rows and the convolution.</param>
/// <param name="Algorithm">cuDNN's number of the algorithm for that pass.</param>
/// <param name="UsesTensorFloat">Whether it may round to TF32; only under <see cref="Precision.Fast"/>.</param>
/// <param name="Milliseconds">Its time; those of a simulated GPU mean nothing.</param>
public sealed record TunedConvolution(string Problem, int Algorithm, bool UsesTensorFloat, double Milliseconds);

[JsonSourceGenerationOptions(WriteIndented = true, UseStringEnumConverter = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(ConvolutionTuning))]
internal sealed partial class TuningContext : JsonSerializerContext;
