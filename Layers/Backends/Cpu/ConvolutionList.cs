using Preimage.Cpu;
using Preimage.Cpu.Blocked;
using Preimage.Layers.Operators;
using Preimage.Layers.Weights;

namespace Preimage.Layers.Backends.Cpu;

/// <summary>All that a convolution, or a transposed one, is made from.</summary>
internal sealed record ConvolutionSetup(
    Execution Execution, PackedWeights Packed, ConvolutionGeometry Geometry, WeightSource Weights, WeightSource? Bias, bool Transposed)
{
    /// <summary>Whether values have rows and columns, as blocked ones must; those of a convolution over one dimension have three axes.</summary>
    public bool HasPlanes => Weights.Extents.Count != Shape.MaxRank - 1;

    /// <summary>Whether the weights may change, so that nothing may be chosen by what they are now.</summary>
    public bool MayChange => Weights is ParameterWeights;
}

/// <summary>One way to compute convolutions.</summary>
/// <param name="Name">What it is forced by.</param>
/// <param name="Supports">Whether it can run a problem.</param>
/// <param name="Cost">What one sample costs, in multiply-adds of the tile: an estimate from geometry and zeros of the filters, never a timing, so that the
/// same problem is always computed by the same operations.</param>
/// <param name="Create">Prepares it.</param>
internal sealed record ConvolutionImplementation(
    string Name, Func<ConvolutionSetup, bool> Supports, Func<ConvolutionSetup, double> Cost, Func<ConvolutionSetup, IOperator> Create)
{
    /// <summary>Whether sums have the documented order, so that the bits are the same as every other exact one's.</summary>
    public bool IsExact { get; init; } = true;
}

/// <summary>The ways to compute convolutions, a readable reference last. A new one is a line here; tests and benchmarks go over the list.</summary>
internal static class ConvolutionList
{
    /// <summary>The name that implementations are forced under.</summary>
    public const string Operator = "Conv";

    /// <summary>Forces one where the options force none.</summary>
    public const string Variable = "PREIMAGE_CONV";

    // One copy of the filters, for the way that runs forward, serves both.
    static readonly BlockedKind Winograd = new("Winograd", static (s, adjoint) => new WinogradConvolution(s.Geometry, adjoint,
        s.Packed.Filters(s, s.Transposed, static (g, filters, isa, adjoint) => new WinogradFilters(g, filters, adjoint, isa))),
        Growth: WinogradTiles.Positions / 9.0);

    static readonly BlockedKind Direct = new("Direct", static (s, adjoint) => new DirectConvolution(s.Geometry, DirectFilters(s, adjoint)));

    static readonly BlockedKind Whole = new("Whole", static (s, adjoint) => new WholeConvolution(s.Geometry,
        s.Packed.Filters(s, adjoint, static (g, filters, _, adjoint) => new WholeFilters(g, filters, adjoint))));

    static readonly BlockedKind Depthwise = new("Depthwise", static (s, adjoint) => new BlockedDepthwise(s.Geometry,
        s.Packed.Filters(s, adjoint, static (g, filters, _, adjoint) => new DepthwiseFilters(g, filters, adjoint))));

    static readonly BlockedKind First = new("First", static (s, adjoint) => adjoint
        ? new DirectPicture(s.Geometry, s.Packed.Filters(s, adjoint, static (g, filters, _, _) => new PictureFilters(g, filters)), s.Execution.Isa)
        : new DirectConvolution(s.Geometry, DirectFilters(s, adjoint), planarSource: true), IsEntering: true);

    public static IReadOnlyList<ConvolutionImplementation> All { get; } =
    [
        new("Winograd", static s => s.HasPlanes && WinogradTiles.Suits(s.Geometry), ConvolutionCosts.Winograd, static s => new BlockedConvolutionOperator(s, Winograd))
        {
            IsExact = false,
        },
        new("First", static s => s.HasPlanes && DirectPicture.Supports(s.Geometry) && !s.Transposed, ConvolutionCosts.First,
            static s => new BlockedConvolutionOperator(s, First)),
        new("Whole", static s => s.HasPlanes && WholeConvolution.Supports(s.Geometry), ConvolutionCosts.Whole, static s => new BlockedConvolutionOperator(s, Whole)),
        new("Direct", static s => s.HasPlanes && DirectConvolution.Supports(s.Geometry), ConvolutionCosts.Direct, static s => new BlockedConvolutionOperator(s, Direct)),
        new("Depthwise", static s => s.HasPlanes && BlockedDepthwise.Supports(s.Geometry), ConvolutionCosts.Depthwise, static s => new BlockedConvolutionOperator(s, Depthwise)),
        new("Separable", SeparableConvolutionOperator.Supports, ConvolutionCosts.Separable, static s => new SeparableConvolutionOperator(s)) { IsExact = false },
        new("Sparse", static s => !s.MayChange, ConvolutionCosts.Sparse, static s => new SparseConvolutionOperator(s)),
        new("Gemm", static s => GemmConvolutionOperator.Supports(s.Geometry), ConvolutionCosts.Gemm, static s => new GemmConvolutionOperator(s)),
        new("Reference", static _ => true, static _ => double.PositiveInfinity, static s => new ReferenceConvolutionOperator(s)),
    ];

    static DirectFilters DirectFilters(ConvolutionSetup setup, bool adjoint) =>
        setup.Packed.Filters(setup, adjoint, static (g, filters, isa, adjoint) => new DirectFilters(g, filters, adjoint, isa));

    /// <summary>The implementation of a name.</summary>
    /// <exception cref="PreimageException">There is none.</exception>
    public static ConvolutionImplementation Named(string name) =>
        All.FirstOrDefault(i => i.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
        ?? throw new PreimageException($"no convolution is called '{name}'; there are {string.Join(", ", All.Select(i => i.Name))}");

    /// <summary>The forced one, or the cheapest that can.</summary>
    /// <exception cref="PreimageException">The forced one cannot run this problem.</exception>
    public static ConvolutionImplementation Choose(ConvolutionSetup setup, bool exact, ConvolutionImplementation? forced)
    {
        if (forced is null)
            return All.Where(i => (i.IsExact || !exact) && i.Supports(setup)).MinBy(i => i.Cost(setup))!;
        return forced.Supports(setup)
            ? forced
            : throw new PreimageException($"the convolution '{forced.Name}' was forced and does not support {setup.Geometry}");
    }
}
