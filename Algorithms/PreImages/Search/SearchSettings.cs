using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Preimage.Layers;

namespace Preimage.Algorithms.PreImages.Search;

/// <summary>A request with everything it leaves open decided, for one network.</summary>
internal sealed class SearchSettings
{
    readonly SearchRequest _request;
    readonly List<string> _notes;

    /// <summary>Decides.</summary>
    /// <exception cref="PreimageException">An option is out of range, or does not fit the network.</exception>
    public SearchSettings(SearchRequest request)
    {
        _request = request;
        _notes = [.. request.Notes];
        Options.Validate();
        Input = Network.Input;
        Shape declared = Network.InputShape;
        if (declared.Rank != 4)
            throw new PreimageException($"input '{Input.Name}' ({declared}) takes no pictures (N x D x H x W)");
        if (Network.MixesSamples && declared.N != 1)
            throw new PreimageException($"the network is fixed to {declared.N} samples at a time, among which a search cannot keep images apart");
        Image = new Shape(1, declared.C, Options.Height ?? declared.H, Options.Width ?? declared.W);
        Factor = PixelScale.Spread(request.Pixels.Factor, nameof(PixelScale.Factor), Image.C);
        Centre = PixelScale.Spread(request.Pixels.Centre, nameof(PixelScale.Centre), Image.C);
        Shift = PixelScale.Spread(request.Pixels.Shift, nameof(PixelScale.Shift), Image.C);
        if (Factor.Any(f => f == 0 || !double.IsFinite(f)))
            throw new PreimageException($"PixelScale.Factor is ({string.Join(", ", Factor)}): every factor must be finite and not 0");
        Parts = [.. request.Objective.Parts.Where(p => p.Weight != 0).Select(p => (p.Weight * Options.C, p.Objective, p.Objective.NodeIn(Network)))];
        Nodes = [.. Parts.Where(p => p.Node is not null).Select(p => p.Node!).Distinct()];
        if (Nodes.Count == 0)
            throw new PreimageException($"the objective ({request.Objective}) reads no node of the network");
        Phases = [.. FindPhases()];
        int together = Network.MixesSamples || Options.Optimiser == Optimiser.LBfgs ? 1 : Math.Min(Options.AtOnce ?? Options.Restarts, Options.Restarts);
        Groups = [.. Enumerable.Range(0, Options.Restarts).Chunk(together).Select(g => new RestartGroup(g[0], g.Length))];
        Fingerprint = FindFingerprint();
    }

    public Engine Engine => _request.Engine;

    public Network Network => Engine.Network;

    public PreImageOptions Options => _request.Options;

    public SearchRequest Request => _request;

    public Node Input { get; }

    /// <summary>1 x D x h x w, as the network sees it.</summary>
    public Shape Image { get; }

    public double[] Factor { get; }

    public double[] Centre { get; }

    public double[] Shift { get; }

    /// <summary>The objective's parts, C in their weights, and the nodes they read.</summary>
    public IReadOnlyList<(double Weight, Objective Objective, Node? Node)> Parts { get; }

    /// <summary>All nodes that are read, each once.</summary>
    public IReadOnlyList<Node> Nodes { get; }

    public IReadOnlyList<SearchPhase> Phases { get; }

    public IReadOnlyList<RestartGroup> Groups { get; }

    public IReadOnlyList<string> Notes => _notes;

    /// <summary>Equal texts mean that one search can go on where the other stopped.</summary>
    public string Fingerprint { get; }

    /// <summary>V.</summary>
    public double VariationBound => Options.V ?? Options.B / 6.5;

    /// <summary>The canvas of some restarts in a phase.</summary>
    public Shape CanvasOf(SearchPhase phase, int rows) => new(
        rows, Image.C, Image.H + phase.Jitter - 1 + 2 * phase.Padding, Image.W + phase.Jitter - 1 + 2 * phase.Padding);

    /// <summary>What a plan for that many restarts is made for.</summary>
    public PlanOptions PlanFor(int rows) => new()
    {
        InputShapes = new Dictionary<string, Shape> { [Input.Name] = Image.WithSamples(rows) },
        Keep = Keep.ForBackward,
        Observe = [.. Nodes.Select(n => n.Name)],
        SeedNode = Nodes[0].Name,
        AlsoSeeded = Nodes.Count > 1 ? [.. Nodes.Skip(1).Select(n => n.Name)] : null,
        GradientsOf = [Input.Name],
    };

    IEnumerable<SearchPhase> FindPhases()
    {
        double rate = Options.Optimiser is Optimiser.Adam or Optimiser.LBfgs
            ? Options.LearningRate ?? 1
            : (double)Image.H * Image.W * (Options.LearningRate ?? 0.05) * Options.B * Options.B / Options.Alpha;
        int jitter = Options.Jitter ?? (Options.Optimiser == Optimiser.LBfgs ? 1 : JitterOfStride());
        yield return new SearchPhase(0, Options.Iterations, rate, jitter) { Parameterisation = Options.Parameterisation, Transforms = Options.Transforms };
        SecondPhase? second = Options.SecondPhase is { IsByMethod: true } && !_request.HasSecondPhase ? null : Options.SecondPhase;
        if (second is not null)
            yield return new SearchPhase(1, second.Iterations, rate * second.RateFactor, 1) { Parameterisation = Options.Parameterisation };
    }

    // max(round_half_up(stride / 4), 1), of the node with the largest stride.
    int JitterOfStride()
    {
        IReadOnlyList<ReceptiveField?> fields = ReceptiveField.Of(Network);
        int stride = 1;
        foreach (Node node in Nodes)
        {
            if (fields[node.Index] is { } field)
                stride = Math.Max(stride, Math.Max(field.Stride.Y, field.Stride.X));
            else
                _notes.Add($"node '{node.Name}' has no receptive field of one size: the search counts it as of stride 1 when it decides on jitter (PreImageOptions.Jitter)");
        }

        return Math.Max((stride + 2) / 4, 1);
    }

    string FindFingerprint()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach ((_, Objective objective, _) in Parts)
            hash.AppendData(MemoryMarshal.AsBytes(objective.Data));
        hash.AppendData(MemoryMarshal.AsBytes(_request.Start.AsSpan()));
        if (Options.Initial is { } initial)
        {
            var values = new float[initial.FlattenedLength];
            initial.FlattenTo(values);
            hash.AppendData(MemoryMarshal.AsBytes<float>(values));
        }

        var text = new StringBuilder();
        text.AppendLine($"{Network.Hash} {Image}");
        text.AppendLine($"{Options with { Initial = null, Resume = null, KeepFrames = null }}");
        foreach ((double weight, Objective objective, Node? node) in Parts)
            text.AppendLine($"{weight:r} {objective} {node?.Name}");
        text.AppendLine($"{string.Join(' ', Factor)} {string.Join(' ', Centre)} {string.Join(' ', Shift)} {string.Join(' ', Phases)}");
        text.Append(Convert.ToHexString(hash.GetHashAndReset()));
        return text.ToString();
    }
}
