namespace Preimage.Layers;

/// <summary>Which way a node ran.</summary>
public enum PassDirection
{
    /// <summary>From the input up.</summary>
    Forward,

    /// <summary>From the seed back.</summary>
    Backward,
}

/// <summary>How long one node's operator took, one way.</summary>
/// <param name="Node">The node.</param>
/// <param name="Direction">Which way.</param>
/// <param name="Algorithm">The implementation that ran.</param>
/// <param name="Milliseconds">The median over the runs.</param>
/// <param name="Best">The least over the runs, in milliseconds.</param>
/// <param name="MultiplyAdds">Multiply-adds of one run, all samples and seeds; 0 for what is neither convolution nor matrix.</param>
/// <param name="Bytes">Bytes that a run has to read and write at least: activations or signals, and weights once.</param>
public sealed record NodeProfile(
    Node Node, PassDirection Direction, string Algorithm, double Milliseconds, double Best, long MultiplyAdds, long Bytes)
{
    /// <summary>The nodes behind it that ran in the same operator: batch norm, sum, ReLU.</summary>
    public IReadOnlyList<Node> Fused { get; init; } = [];
}
