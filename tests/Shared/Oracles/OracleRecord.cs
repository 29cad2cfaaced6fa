using Preimage.Layers;

namespace Preimage.Tests.Shared.Oracles;

/// <summary>What the oracle's forward pass decided: which rectifiers were on, and where each maximum was.</summary>
internal sealed class OracleRecord
{
    public Dictionary<Node, bool[]> Masks { get; } = [];

    public Dictionary<Node, int[]> Switches { get; } = [];
}
