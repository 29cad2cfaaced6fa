using System.Text.RegularExpressions;

namespace Preimage.Perf.Disassembly;

/// <summary>What is in the hottest loop of a listing.</summary>
/// <param name="MultiplyAdds">Fused multiply-adds of vectors.</param>
/// <param name="Spills">Instructions on vectors that touch the stack.</param>
/// <param name="Moves">Moves from one vector register to another.</param>
/// <param name="Calls">Calls, of which there must be none.</param>
/// <param name="Addresses">Other instructions that touch the stack: addresses and counters, which large transforms have more of than registers.</param>
internal sealed partial record LoopCount(int MultiplyAdds, int Spills, int Moves, int Calls, int Addresses)
{
    /// <summary>Counts the innermost loop with the most multiply-adds; null where the listing has no loop.</summary>
    public static LoopCount? Hottest(IReadOnlyList<string> listing)
    {
        var labels = new Dictionary<string, int>();
        var loops = new List<(int First, int Last)>();
        for (int i = 0; i < listing.Count; i++)
        {
            if (Label().Match(listing[i]) is { Success: true } label)
                labels[label.Groups[1].Value] = i;
            else if (Jump().Match(listing[i]) is { Success: true } jump && labels.TryGetValue(jump.Groups[1].Value, out int first))
                loops.Add((first, i));
        }

        // A loop with two ways back to its start is one loop.
        loops = [.. loops.GroupBy(l => l.First).Select(same => (same.Key, same.Max(l => l.Last)))];
        return loops.Where(outer => !loops.Any(inner => inner != outer && inner.First >= outer.First && inner.Last <= outer.Last))
            .Select(l => Of(listing.Skip(l.First).Take(l.Last - l.First + 1))).MaxBy(c => c.MultiplyAdds);
    }

    static LoopCount Of(IEnumerable<string> lines)
    {
        string[] body = [.. lines];
        return new(body.Count(l => MultiplyAdd().IsMatch(l)), body.Count(l => Stack().IsMatch(l) && Vector().IsMatch(l)), body.Count(l => Move().IsMatch(l)),
            body.Count(l => Call().IsMatch(l)), body.Count(l => Stack().IsMatch(l) && !Vector().IsMatch(l)));
    }

    /// <summary>As in expected.txt.</summary>
    public override string ToString() => $"{MultiplyAdds} FMAs, {Spills} spills, {Moves} moves" + (Calls > 0 ? $", {Calls} calls" : "") + (Addresses > 0 ? $", {Addresses} addresses" : "");

    [GeneratedRegex(@"^(\w+):")]
    private static partial Regex Label();

    // A jump of x64, or a branch of Arm64, to a label of the method.
    [GeneratedRegex(@"^\s+(?:j\w+|b\.?\w*|cbn?z\s+\w+,|tbn?z\s+\w+,\s*\S+,)\s+(?:SHORT\s+)?(G_\w+)")]
    private static partial Regex Jump();

    [GeneratedRegex(@"^\s+(vfn?m(add|sub)\w+ps|fml[as])\s")]
    private static partial Regex MultiplyAdd();

    [GeneratedRegex(@"\[(rsp|rbp|sp|fp)\b")]
    private static partial Regex Stack();

    [GeneratedRegex(@"\b([xyz]mm\d+|[qv]\d+)\b")]
    private static partial Regex Vector();

    [GeneratedRegex(@"^\s+(vmov(aps|ups|dqa\w*|dqu\w*)\s+[xyz]mm\d+, [xyz]mm\d+|mov\s+v\d+\.16b, v\d+\.16b)\s*$")]
    private static partial Regex Move();

    [GeneratedRegex(@"^\s+(call|blr?)\s")]
    private static partial Regex Call();
}
