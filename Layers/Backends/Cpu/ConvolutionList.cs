using Preimage.Cpu;
using Preimage.Layers.Operators;
using Preimage.Layers.Weights;

namespace Preimage.Layers.Backends.Cpu;

/// <summary>All that a convolution, or a transposed one, is made from.</summary>
internal sealed record ConvolutionSetup(
    Execution Execution, PackedWeights Packed, ConvolutionGeometry Geometry, WeightSource Weights, WeightSource? Bias, bool Transposed);

/// <summary>One way to compute convolutions.</summary>
/// <param name="Name">What it is forced by.</param>
/// <param name="Supports">Whether it can run a problem.</param>
/// <param name="Create">Prepares it.</param>
internal sealed record ConvolutionImplementation(string Name, Func<ConvolutionGeometry, bool> Supports, Func<ConvolutionSetup, IOperator> Create);

/// <summary>The ways to compute convolutions, best first, a readable reference last. A new one is a line here; tests and benchmarks go over the list.</summary>
internal static class ConvolutionList
{
    /// <summary>The name that implementations are forced under.</summary>
    public const string Operator = "Conv";

    public static IReadOnlyList<ConvolutionImplementation> BestFirst { get; } =
    [
        new("Gemm", GemmConvolutionOperator.Supports, setup => new GemmConvolutionOperator(setup)),
        new("Reference", static _ => true, setup => new ReferenceConvolutionOperator(setup)),
    ];

    /// <summary>The implementation of a name.</summary>
    /// <exception cref="PreimageException">There is none.</exception>
    public static ConvolutionImplementation Named(string name) =>
        BestFirst.FirstOrDefault(i => i.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
        ?? throw new PreimageException($"no convolution is called '{name}'; there are {string.Join(", ", BestFirst.Select(i => i.Name))}");

    /// <summary>The forced one, or the best that can.</summary>
    /// <exception cref="PreimageException">The forced one cannot run this problem.</exception>
    public static ConvolutionImplementation Choose(ConvolutionGeometry geometry, ConvolutionImplementation? forced)
    {
        if (forced is null)
            return BestFirst.First(i => i.Supports(geometry));
        return forced.Supports(geometry)
            ? forced
            : throw new PreimageException($"the convolution '{forced.Name}' was forced and does not support {geometry}");
    }
}
