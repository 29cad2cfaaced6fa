namespace Preimage.Perf.Memory;

/// <summary>Peak resident memory of ours and of a peer, each in a process of its own, in millions of bytes.</summary>
/// <param name="Suite">The suite.</param>
/// <param name="Case">What was run.</param>
/// <param name="Batch">Samples.</param>
/// <param name="Threads">Threads on both sides.</param>
/// <param name="ParameterMb">The network's parameters.</param>
/// <param name="OursMb">Our peak, pages of the mapped model file among them.</param>
/// <param name="OursBeyondMb">Our peak less the parameters.</param>
/// <param name="Peer">The peer.</param>
/// <param name="PeerMb">The peer's peak.</param>
/// <param name="PeerBeyondMb">The peer's peak less the parameters.</param>
/// <param name="Ratio">Ours over the peer's, both less the parameters.</param>
/// <param name="PeerVersion">The peer's version, or why it is absent.</param>
internal sealed record MemoryRow(
    string Suite, string Case, int Batch, int Threads, double ParameterMb, double OursMb, double OursBeyondMb,
    string Peer, double? PeerMb, double? PeerBeyondMb, double? Ratio, string PeerVersion) : IRow
{
    /// <inheritdoc/>
    public static string Heading =>
        "| case | batch | threads | parameters MB | ours MB (beyond parameters) | peer | peer MB (beyond parameters) | ratio beyond |\n|---|---|---|---|---|---|---|---|";

    /// <inheritdoc/>
    public string ToMarkdown() => $"| {Case} | {Batch} | {Threads} | {ParameterMb:F0} | {OursMb:F0} ({OursBeyondMb:F0}) | {Peer} {PeerVersion} | " +
        (PeerMb is null ? "- | - |" : $"{PeerMb:F0} ({PeerBeyondMb:F0}) | {Ratio:F2} |");
}
