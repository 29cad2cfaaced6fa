using Preimage.Algorithms.Experiments.Reproduction;
using Preimage.Algorithms.Imaging;
using Preimage.Layers;
using Preimage.Layers.Topologies;

namespace Preimage.Algorithms.Experiments.ImageRecovery;

/// <summary>A network that the paper's experiments are made on, as it is or with all its weights drawn anew by the paper's initialiser.</summary>
/// <param name="Key">Which: one of the constants here, or <see cref="SubjectCatalogue.SqueezeNet"/>.</param>
/// <param name="IsRandom">Whether its weights are drawn anew.</param>
internal sealed record RecoveryNetwork(string Key, bool IsRandom = false)
{
    /// <summary>The small VGG, trained where it is asked for.</summary>
    public const string Small = "vgg-small";

    /// <summary>VGG-16 of full size, of which only random weights can be had here.</summary>
    public const string Vgg16 = "vgg-16";

    /// <summary>The owner's network.</summary>
    public const string Owned = "model";

    /// <summary>Pictures as the paper's program takes them (reference specification, section 2.3).</summary>
    static readonly Preprocessing s_paper = new() { Name = "Nie, Zhang and Patel", Mean = [123.68, 116.779, 103.939] };

    /// <summary>The small VGG as it was trained.</summary>
    public static RecoveryNetwork Trained { get; } = new(Small);

    /// <summary>SqueezeNet.</summary>
    public static RecoveryNetwork SqueezeNet { get; } = new(SubjectCatalogue.SqueezeNet);

    /// <summary>The networks of a run: the owner's in the place of all, of those asked for as they are and of the random ones.</summary>
    public static IReadOnlyList<RecoveryNetwork> Of(Laboratory laboratory, params IEnumerable<RecoveryNetwork> usual) => laboratory.Options.Model is null
        ? [.. usual]
        : [.. usual.Select(n => new RecoveryNetwork(Owned, n.IsRandom)).Distinct()];

    /// <summary>Its name in tables.</summary>
    public string Name => IsRandom ? $"{Key}, random" : Key;

    /// <summary>Its name in keys of units.</summary>
    public string KeyName => IsRandom ? $"{Key}-random" : Key;

    /// <summary>The same with weights drawn anew.</summary>
    public RecoveryNetwork Random => this with { IsRandom = true };

    /// <summary>Whether what the paper says of trained networks can be looked for.</summary>
    public bool IsTrained(Laboratory laboratory) => !IsRandom && (Key == Small || Subject(laboratory) is { IsTrained: true });

    /// <summary>What tells it from all others, for the settings of a unit; nothing is trained for it.</summary>
    public string Identity(Laboratory laboratory)
    {
        string own = Key == Small ? $"small VGG, {SmallVgg.Recipe(laboratory)}" : Subject(laboratory) is { } s ? $"{s.Identity}, {s.Preprocessing}" : Key;
        return IsRandom ? $"{own}, weights drawn anew" : own;
    }

    /// <summary>Opens it on the device of the run, training it where that has to be.</summary>
    public OpenNetwork Open(Laboratory laboratory, UnitWatch watch)
    {
        OpenNetwork own;
        if (Subject(laboratory) is { } subject)
        {
            own = new OpenNetwork(subject.Network, IsRandom ? null : subject.Engine, subject.Preprocessing, laboratory.Options.Device, owns: false);
        }
        else if (Key == Small)
        {
            Network network = SmallVgg.Trained(laboratory, watch);
            own = new OpenNetwork(network, null, Preprocessing.OfModel(network) ?? SmallVgg.Recipe(laboratory).Preprocessing, laboratory.Options.Device, owns: true);
        }
        else
        {
            own = new OpenNetwork(Topology.Vgg16(laboratory.Options.Seed), null, s_paper, laboratory.Options.Device, owns: true);
        }

        if (!IsRandom)
            return own;
        // The random network shares the graph and whatever stays of the weights, but goes on without the one it is made of.
        using (own)
            return own.Randomised(Randomisation.All, laboratory.Options.Seed);
    }

    Subject? Subject(Laboratory laboratory) => Key is Small or Vgg16 ? null : laboratory.Subjects(Key)[0];
}
