namespace Preimage.Algorithms.Gallery.Building;

/// <summary>Exhibits of maps: all methods beside each other, and what becomes of a map when another class is asked for.</summary>
internal sealed class MapExhibits
{
    readonly GallerySubject _subject;
    readonly List<MethodMaps> _methods;
    readonly MapDetail _detail;
    readonly Dictionary<(int Method, int Image, int Target), GalleryMap> _drawn = [];

    /// <summary>Takes the maps of some methods.</summary>
    /// <param name="subject">The network and its pictures.</param>
    /// <param name="methods">The methods, at least one.</param>
    /// <param name="budget">Bytes that all maps may take on the page.</param>
    public MapExhibits(GallerySubject subject, IReadOnlyList<MethodMaps> methods, long budget)
    {
        (_subject, _methods) = (subject, [.. methods]);
        int maps = subject.Images.Sum(i => i.Classes.Length), coloured = methods.Count(m => m.Method.Drawing == MapDrawing.Rgb);
        (int channels, int height, int width) = subject.Size;
        _detail = MapDetail.Fit(channels, height, width, maps * coloured, maps * (methods.Count - coloured), budget);
    }

    /// <summary>All pictures under all methods.</summary>
    /// <param name="title">The heading.</param>
    /// <param name="lookFor">What to look for.</param>
    /// <param name="id">How addresses name it.</param>
    /// <param name="leftOut">What was left out and why, in sentences.</param>
    public AttributionExhibit All(string title, string lookFor, string id, IEnumerable<string> leftOut) => new()
    {
        Title = title,
        LookFor = lookFor,
        Id = id,
        Images = [.. _subject.Images.Select(i => i.Shown)],
        Methods = [.. _methods.Select(m => m.Method)],
        Maps = [.. from m in Enumerable.Range(0, _methods.Count)
                   from i in Enumerable.Range(0, _subject.Images.Count)
                   from t in Enumerable.Range(0, _subject.Images[i].Classes.Length)
                   select Map(m, i, t)],
        Notes = [.. DetailNotes(), .. _methods.SelectMany(m => m.Notes).Distinct(), .. leftOut],
        Command = _subject.Commands?.ExplainAll(_subject.Images.Select(i => i.Input.Source), _methods.Select(m => m.Method.Name)),
    };

    /// <summary>One picture, a row per method and a column per class.</summary>
    /// <param name="image">Which picture; it must have two classes.</param>
    public SensitivityExhibit Sensitivity(int image) => new()
    {
        Title = "Does the picture change with the class?",
        LookFor = "A map that explains a class has to change when another class is asked for. Where a row shows the same picture in every column (cosine near 1), its method draws the image, not the class.",
        Id = "class-sensitivity",
        Image = _subject.Images[image].Shown,
        Rows = [.. _methods.Select((m, i) => new SensitivityRow
        {
            Method = m.Method,
            Maps = [.. _subject.Images[image].Classes.Select((_, t) => Map(i, image, t))],
            Cosine = Cell(m.BetweenClasses(image)),
        })],
        Notes = ["The cosine is that of the maps as they were computed, signs and channels kept, the mean over the pairs of classes: 1 for maps that differ in nothing but strength, 0 for maps that have nothing in common."],
    };

    /// <summary>A number of a map, or words where a map is zero.</summary>
    public static GalleryCell Cell(double cosine) => double.IsNaN(cosine) ? new GalleryCell("a map is zero") : new GalleryCell(cosine);

    GalleryMap Map(int method, int image, int target)
    {
        if (_drawn.TryGetValue((method, image, target), out GalleryMap? drawn))
            return drawn;
        MethodMaps own = _methods[method];
        SubjectImage of = _subject.Images[image];
        float[] map = own.Maps[image][target];
        (int channels, int height, int width) = own.Size;
        // A map that is coarser than the pages' others stays as it is.
        MapDetail detail = _detail with { Height = Math.Min(_detail.Height, height), Width = Math.Min(_detail.Width, width) };
        (float[] values, int kept) = detail.Reduce(map, channels, height, width, own.Method.Drawing, _subject.Order);
        return _drawn[(method, image, target)] = new GalleryMap
        {
            Image = of.Shown.Name,
            Class = of.Classes[target],
            Method = own.Method.Name,
            Width = detail.Width,
            Height = detail.Height,
            Channels = kept,
            Values = values,
            Notes = own.NotesOf(image, target),
            Command = _subject.Commands?.Explain(of.Input.Source, of.Classes[target], own.Method.Name),
        };
    }

    IEnumerable<string> DetailNotes()
    {
        (int channels, int height, int width) = _subject.Size;
        return _detail.Note(channels, height, width) is { } note ? [note] : [];
    }
}
