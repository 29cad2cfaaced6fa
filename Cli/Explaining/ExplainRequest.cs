using Preimage.Algorithms.Attribution;
using Preimage.Layers;

namespace Preimage.Cli.Explaining;

/// <summary>What <c>explain</c> was asked for.</summary>
internal sealed record ExplainRequest
{
    /// <summary>Loads the model.</summary>
    public required Func<Network> Model { get; init; }

    /// <summary>Pictures and arrays.</summary>
    public required IReadOnlyList<string> Images { get; init; }

    /// <summary>Names of methods, in the order of the columns.</summary>
    public required IReadOnlyList<string> Methods { get; init; }

    /// <summary>Sets a method as the command line says.</summary>
    public required Func<AttributionMethod, AttributionMethod> Set { get; init; }

    /// <summary>What is explained.</summary>
    public required Target Target { get; init; }

    /// <summary>The value signals start with.</summary>
    public required Seed Seed { get; init; }

    /// <summary>Puts the network where it is to run.</summary>
    public required Func<Network, Engine> Engine { get; init; }

    /// <summary>A preset or file, or null to guess.</summary>
    public string? Preprocess { get; init; }

    /// <summary>The file of class names, or null.</summary>
    public string? Labels { get; init; }

    /// <summary>Where the sheet goes, or null for no sheet.</summary>
    public string? Out { get; init; }

    /// <summary>Where the numbers go, or null for nowhere.</summary>
    public string? SaveMap { get; init; }

    /// <summary>Whether JSON is printed instead of text.</summary>
    public bool Json { get; init; }
}
