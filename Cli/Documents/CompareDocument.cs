using System.Globalization;
using Preimage.Algorithms.Comparison;
using Preimage.Cli.Output;
using Preimage.Layers;

namespace Preimage.Cli.Documents;

/// <summary>What <c>compare --json</c> prints.</summary>
internal sealed record CompareDocument(
    ModelDocument Model, string Image, string? Preprocessing, bool PreprocessingGuessed, SideDocument Expected, SideDocument Actual,
    string Node, int Unit, bool AgreesOnUnit, double ValueError, double Threshold, string? FirstDivergence, IReadOnlyList<ComparedNodeDocument> Nodes,
    DecisionsDocument Masks, DecisionsDocument Switches, FusingDocument ChangedByFusing, IReadOnlyList<ComparedMapDocument> Maps, string Verdict)
{
    /// <summary>The keys, for the help text.</summary>
    public const string Form =
        "{model{path,sha256}, image, preprocessing|null, preprocessingGuessed, expected{device,precision," + LibraryDocument.Form + "}, actual{}, node, unit, agreesOnUnit, valueError, threshold, " +
        "firstDivergence|null, nodes[{node,operator,error,observed{kind,differing,count}|null,fused{}|null}], masks{kind,differing,count}, switches{}, changedByFusing{expected,actual}, " +
        "maps[{method,own,same,hasSignal}], verdict}; errors are sum (a-b)^2 / sum b^2, verdict is Different, NotTestable, Flipped, Parity or Same.";

    /// <summary>Describes a result.</summary>
    public static CompareDocument Of(Inputs.NetworkInput input, bool guessed, Engine expected, Engine actual, ComparisonResult result)
    {
        Dictionary<string, DecisionDifference> fused = result.Fused.ToDictionary(d => d.Node);
        return new CompareDocument(
            ModelDocument.Of(expected.Network), input.Source, input.Preprocessing?.ToString(), guessed, SideDocument.Of(expected), SideDocument.Of(actual),
            result.Units[0].Node, result.Units[0].Unit, result.AgreesOnUnits, result.ValueError, result.Threshold, result.FirstDivergence?.Node.Name,
            [
                .. result.Nodes.Select(n => new ComparedNodeDocument(
                    n.Node.Name, n.Node.Layer.Operator, n.Error, DecisionsDocument.Of(n.Decisions), DecisionsDocument.Of(fused.GetValueOrDefault(n.Node.Name)))),
            ],
            new DecisionsDocument(DecisionsDocument.Mask, result.Masks.Differing, result.Masks.Count),
            new DecisionsDocument(DecisionsDocument.Switch, result.Switches.Differing, result.Switches.Count),
            new FusingDocument(result.ChangedByFusing.Expected, result.ChangedByFusing.Actual),
            [.. result.Maps.Select(m => new ComparedMapDocument(m.Method, m.Own, m.Same, m.HasSignal))], $"{result.Verdict}");
    }
}

/// <summary>What a side ran on.</summary>
internal sealed record SideDocument(string Device, string Precision, IReadOnlyList<LibraryDocument> Libraries)
{
    public static SideDocument Of(Engine engine) => new($"{engine.Device}", EngineFacts.Word(engine.Options.Precision), LibraryDocument.Of(engine));
}

/// <summary>Masks or switches that differ, and how many there are.</summary>
internal sealed record DecisionsDocument(string Kind, long Differing, long Count)
{
    public const string Mask = "mask", Switch = "switch";

    public static DecisionsDocument? Of(DecisionDifference? difference) =>
        difference is null ? null : new(difference.AreSwitches ? Switch : Mask, difference.Differing, difference.Count);

    /// <summary>12 of 3,456.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Differing:N0} of {Count:N0}");
}

/// <summary>Decisions that fusing changes, on either side.</summary>
internal sealed record FusingDocument(long Expected, long Actual);

/// <summary>A node: in plans that observe all nodes, and its masks or switches in plans that fuse.</summary>
internal sealed record ComparedNodeDocument(string Node, string Operator, double Error, DecisionsDocument? Observed, DecisionsDocument? Fused);

/// <summary>A method's map.</summary>
internal sealed record ComparedMapDocument(string Method, double Own, double Same, bool HasSignal);
