using Preimage.Layers;

namespace Preimage.Algorithms.Experiments.Reproduction;

/// <summary>What an experiment is made with: networks and pictures, made once and kept until the run ends.</summary>
internal sealed class Laboratory : IDisposable
{
    readonly Dictionary<string, Subject> _subjects = [];
    readonly Experiment _experiment;
    readonly string? _data;

    /// <summary>Finds the pictures; networks are made when they are asked for.</summary>
    public Laboratory(ReproductionOptions options, Experiment experiment)
    {
        Options = options;
        _experiment = experiment;
        _data = ReferenceFolder.Find(options.Data);
        Samples = options.Samples ?? experiment.SamplesOf(_data);
        Photos = options.Images is null
            ? Photo.Reference(_data, options.Count ?? experiment.Pictures)
            : Photo.Folder(options.Images, options.Count ?? experiment.PaperPictures);
    }

    /// <summary>How the experiment is repeated.</summary>
    public ReproductionOptions Options { get; }

    /// <summary>The pictures.</summary>
    public IReadOnlyList<Photo> Photos { get; }

    /// <summary>The data set, as a text; null for an experiment on pictures.</summary>
    public string? Samples { get; }

    /// <summary>The networks of those names, or the owner's in the place of all.</summary>
    public IReadOnlyList<Subject> Subjects(params ReadOnlySpan<string> names)
    {
        if (Options.Model is { } path)
            return [Kept(path, () => SubjectCatalogue.Owned(path, Options))];
        var subjects = new List<Subject>();
        foreach (string name in names)
            subjects.Add(Kept(name, () => SubjectCatalogue.Named(name, _data, Options)));
        return subjects;
    }

    /// <summary>The nodes asked for, or others.</summary>
    /// <exception cref="PreimageException">The network has no such node.</exception>
    public IReadOnlyList<Node> NodesOf(Subject subject, IEnumerable<Node> otherwise) =>
        Options.Nodes.Count > 0 ? [.. Options.Nodes.Select(n => subject.Network.Nodes[n])] : [.. otherwise];

    /// <summary>All that a unit's result depends on: what the unit says, and what holds for all.</summary>
    public Dictionary<string, string> Complete(IReadOnlyDictionary<string, string> unit)
    {
        var settings = new Dictionary<string, string>(unit)
        {
            ["experiment"] = _experiment.Name,
            ["iterations"] = Options.Iterations is { } iterations ? $"{iterations}" : "the paper's",
            ["seed"] = $"{Options.Seed}",
            ["version"] = typeof(Laboratory).Assembly.GetName().Version?.ToString(3) ?? "",
        };
        if (Samples is not null)
            settings["samples"] = Samples;
        return settings;
    }

    /// <summary>The settings of all, for people.</summary>
    public Dictionary<string, string> Describe()
    {
        Dictionary<string, string> settings = Complete(new Dictionary<string, string>());
        if (Samples is null)
            settings["pictures"] = string.Join(", ", Photos.Select(p => p.Name));
        foreach (Subject subject in _subjects.Values)
        {
            settings[$"model {subject.Name}"] = subject.IsTrained ? $"sha256 {subject.Identity}" : subject.Identity;
            settings[$"preprocessing {subject.Name}"] = $"{subject.Preprocessing}";
        }

        return settings;
    }

    /// <summary>What a reader has to know of the networks and pictures that were asked for.</summary>
    public IEnumerable<string> Notes
    {
        get
        {
            IEnumerable<string> notes = _subjects.Values.Select(s => s.Note).OfType<string>();
            return Samples is null && Photos[0].IsDrawn ? notes.Append("there are no photos in a data folder here: a drawn picture stands in") : notes;
        }
    }

    /// <summary>Frees the networks.</summary>
    public void Dispose()
    {
        foreach (Subject subject in _subjects.Values)
            subject.Dispose();
        _subjects.Clear();
    }

    Subject Kept(string key, Func<Subject> make)
    {
        if (!_subjects.TryGetValue(key, out Subject? subject))
            _subjects[key] = subject = make();
        return subject;
    }
}
