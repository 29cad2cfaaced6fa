using Preimage.Algorithms.Experiments.Reproduction;

namespace Preimage.Algorithms.Experiments.ImageRecovery;

/// <summary>An experiment that shows some networks some pictures, a few pictures of one network being a unit of work.</summary>
internal abstract class RecoveryExperiment : Experiment
{
    /// <inheritdoc/>
    public sealed override int Pictures => RecoveryPicture.Photos;

    /// <inheritdoc/>
    public sealed override int PaperPictures => RecoveryPicture.Photos;

    /// <summary>The networks where the owner brings none.</summary>
    protected abstract IReadOnlyList<RecoveryNetwork> Usual { get; }

    /// <inheritdoc/>
    public sealed override string? SamplesOf(string? data) => SmallVgg.Samples(data);

    /// <inheritdoc/>
    public sealed override IEnumerable<ExperimentUnit> Units(Laboratory laboratory) =>
        from network in Networks(laboratory) from part in Parts(laboratory, network) select Unit(laboratory, network, part);

    /// <summary>Looks at some pictures.</summary>
    protected abstract void Study(RecoveryUnit unit);

    /// <summary>The pictures that a network is shown.</summary>
    protected virtual IReadOnlyList<RecoveryPicture> PicturesOf(Laboratory laboratory, RecoveryNetwork network) => RecoveryPicture.Of(laboratory, network);

    /// <summary>Pictures of a unit.</summary>
    protected virtual int OfAUnit(RecoveryNetwork network) => RecoveryPicture.OfAUnit;

    /// <summary>The networks of a run.</summary>
    protected IReadOnlyList<RecoveryNetwork> Networks(Laboratory laboratory) => RecoveryNetwork.Of(laboratory, Usual);

    /// <summary>What was found of a network: series over all its pictures, numbers and pictures of the first unit.</summary>
    protected UnitResult Of(Laboratory laboratory, UnitResults results, RecoveryNetwork network)
    {
        UnitResult[] parts = [.. Parts(laboratory, network).Select(p => results[Key(network, p.First)])];
        return new UnitResult
        {
            Numbers = parts[0].Numbers, Pictures = parts[0].Pictures, Notes = [.. parts.SelectMany(p => p.Notes).Distinct()],
            Series = parts.SelectMany(p => p.Series.Keys).Distinct().ToDictionary(name => name, name => parts.SelectMany(p => p.Series.GetValueOrDefault(name, [])).ToArray()),
        };
    }

    /// <summary>Notes of the run and of all its units.</summary>
    protected static IEnumerable<string> Notes(Laboratory laboratory, UnitResults results) => [.. RecoveryPicture.Notes(laboratory), .. results.Notes];

    IEnumerable<(int First, RecoveryPicture[] Pictures)> Parts(Laboratory laboratory, RecoveryNetwork network)
    {
        int size = OfAUnit(network);
        return PicturesOf(laboratory, network).Chunk(size).Select((pictures, i) => (i * size, pictures));
    }

    ExperimentUnit Unit(Laboratory laboratory, RecoveryNetwork network, (int First, RecoveryPicture[] Pictures) part)
    {
        var settings = new Dictionary<string, string> { ["network"] = network.Identity(laboratory), ["pictures"] = string.Join(", ", part.Pictures.Select(p => p.Identity)) };
        return new ExperimentUnit(Key(network, part.First), settings, watch =>
        {
            using OpenNetwork open = network.Open(laboratory, watch);
            var unit = new RecoveryUnit(laboratory, network, open, part.First, part.Pictures, watch);
            Study(unit);
            return unit.Found();
        });
    }

    string Key(RecoveryNetwork network, int first) => ExperimentUnit.KeyOf(Name, network.KeyName, $"{first:0000}");
}
