using System.Text.Json.Serialization;
using Preimage.Layers;

namespace Preimage.Cli.Documents;

/// <summary>What <c>profile --json</c> prints.</summary>
internal sealed record ProfileDocument(
    ModelDocument Model, string Device, string Processor, int? Threads, string Precision, IReadOnlyList<LibraryDocument> Libraries, string Clock, int Batch, int Seeds, string Pass, int Runs, long PlanBytes, long PackedBytes,
    double Milliseconds, IReadOnlyList<ProfiledNode> Nodes)
{
    /// <summary>The keys, for the help text.</summary>
    public const string Form =
        "{model{path,sha256}, device, processor, threads|null, precision, " + LibraryDocument.Form + ", clock, batch, seeds, pass, runs, planBytes, packedBytes, milliseconds, " +
        "nodes[{node,fused[],operator,direction,algorithm,milliseconds,best,multiplyAdds,bytes}]}; times are medians, nodes in the order they ran; " +
        "fused nodes ran in the same operator, and Reorder is a node's value or signal put into another layout.";
}

/// <summary>One operator, one way.</summary>
internal sealed record ProfiledNode(
    string Node, IReadOnlyList<string> Fused, string Operator, string Direction, string Algorithm, double Milliseconds, double Best, long MultiplyAdds, long Bytes)
{
    public static ProfiledNode Of(NodeProfile profile) => new(
        profile.Node.Name, [.. profile.Fused.Select(n => n.Name)], profile.Node.Layer.Operator, profile.Direction == PassDirection.Forward ? "forward" : "backward", profile.Algorithm,
        profile.Milliseconds, profile.Best, profile.MultiplyAdds, profile.Bytes);

    /// <summary>The node with those that ran with it: conv1 + relu1.</summary>
    public string Names() => string.Join(" + ", Fused.Prepend(Node));
}

/// <summary>A complete event of the Chrome trace format: name, category, start and duration in microseconds.</summary>
internal sealed record TraceEvent(
    string Name, string Cat, double Ts, double Dur, [property: JsonPropertyName("ph")] string Phase = "X", int Pid = 1, int Tid = 1)
{
    /// <summary>The operators one after the other, each as long as its median.</summary>
    public static TraceEvent[] Of(IEnumerable<ProfiledNode> nodes)
    {
        double at = 0;
        var events = new List<TraceEvent>();
        foreach (ProfiledNode node in nodes)
        {
            events.Add(new TraceEvent($"{node.Names()} ({node.Operator}, {node.Algorithm})", node.Direction, at, 1000 * node.Milliseconds));
            at += 1000 * node.Milliseconds;
        }

        return [.. events];
    }
}
