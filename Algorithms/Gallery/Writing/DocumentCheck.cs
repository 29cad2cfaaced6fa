using Preimage.Layers;

namespace Preimage.Algorithms.Gallery.Writing;

/// <summary>Refuses documents that contradict themselves, naming the exhibit and what is wrong with it.</summary>
internal static class DocumentCheck
{
    /// <summary>Checks a whole document.</summary>
    /// <exception cref="PreimageException">Something does not fit.</exception>
    public static void Check(GalleryDocument document)
    {
        Require(!string.IsNullOrWhiteSpace(document.Title), "GalleryDocument.Title is empty");
        Require(document.Exhibits.Count > 0, "GalleryDocument.Exhibits is empty: there is nothing to show");
        foreach (Exhibit exhibit in document.Exhibits)
        {
            string name = $"exhibit '{exhibit.Title}'";
            Require(!string.IsNullOrWhiteSpace(exhibit.Title), "an exhibit has no title");
            Require(exhibit.Id is null || IsId(exhibit.Id), $"{name} has the id '{exhibit.Id}'; ids are of lower-case letters, digits and '-'");
            switch (exhibit)
            {
                case AttributionExhibit attribution:
                    Check(attribution, name);
                    break;
                case SensitivityExhibit sensitivity:
                    Check(sensitivity, name);
                    break;
                case FiguresExhibit figures:
                    Require(figures.Figures.Count > 0, $"{name} has no figure");
                    break;
                case FramesExhibit frames:
                    Check(frames, name);
                    break;
                case TableExhibit table:
                    Check(table, name);
                    break;
            }
        }

        Unlike(document.Exhibits.Select(e => e.Id).OfType<string>(), "the gallery", "exhibit id");
        Require(document.Exhibits.Any(e => e is not TableExhibit), "no exhibit has an image: a gallery shows at least one");
    }

    static void Check(AttributionExhibit exhibit, string name)
    {
        Require(exhibit.Images.Count > 0, $"{name} has no image");
        Require(exhibit.Methods.Count > 0, $"{name} has no method");
        Require(exhibit.Maps.Count > 0, $"{name} has no map");
        Unlike(exhibit.Images.Select(i => i.Name), name, "image");
        Unlike(exhibit.Methods.Select(m => m.Name), name, "method");
        foreach (GalleryImage image in exhibit.Images)
            Check(image, 1, name);
        foreach (GalleryMethod method in exhibit.Methods)
            Check(method, name);
        foreach (GalleryMap map in exhibit.Maps)
        {
            string text = Check(map, name);
            GalleryImage image = exhibit.Images.FirstOrDefault(i => i.Name == map.Image)
                ?? throw new PreimageException($"{text} is of an image that the exhibit has not; it has {string.Join(", ", exhibit.Images.Select(i => i.Name))}");
            Require(image.Targets.Any(t => t.Class == map.Class), $"{text} is of a class that its image has not; it has {string.Join(", ", image.Targets.Select(t => t.Class))}");
            Require(exhibit.Methods.Any(m => m.Name == map.Method), $"{text} is of a method that the exhibit has not; it has {string.Join(", ", exhibit.Methods.Select(m => m.Name))}");
        }

        Unlike(exhibit.Maps.Select(m => $"{m.Image}, {m.Class}, {m.Method}"), name, "map");
    }

    static void Check(SensitivityExhibit exhibit, string name)
    {
        Check(exhibit.Image, 2, name);
        Require(exhibit.Rows.Count > 0, $"{name} has no row");
        Unlike(exhibit.Rows.Select(r => r.Method.Name), name, "method");
        foreach (SensitivityRow row in exhibit.Rows)
        {
            Check(row.Method, name);
            Require(row.Maps.Count == exhibit.Image.Targets.Count, $"{name}, method '{row.Method.Name}': {row.Maps.Count} maps for {exhibit.Image.Targets.Count} classes");
            for (int i = 0; i < row.Maps.Count; i++)
            {
                if (row.Maps[i] is not { } map)
                    continue;
                string text = Check(map, name);
                Require(
                    (map.Image, map.Class, map.Method) == (exhibit.Image.Name, exhibit.Image.Targets[i].Class, row.Method.Name),
                    $"{text} stands where the map of image '{exhibit.Image.Name}', class {exhibit.Image.Targets[i].Class}, method '{row.Method.Name}' should");
            }
        }
    }

    static void Check(FramesExhibit exhibit, string name)
    {
        Require(exhibit.Frames.Count > 1, $"{name} has {exhibit.Frames.Count} frames; at least 2 can be scrubbed");
        foreach (GalleryFrame frame in exhibit.Frames)
            Require(frame.Numbers.Count == exhibit.Series.Count, $"{name}, iteration {frame.Iteration}: {frame.Numbers.Count} numbers for {exhibit.Series.Count} series");
        Require(Rising(exhibit.Frames.Select(f => f.Iteration)), $"{name}: the iterations of the frames do not rise");
        Require(Rising(exhibit.Curve.Select(p => p.Iteration)), $"{name}: the iterations of the curve do not rise");
        Require(exhibit.Target is null || exhibit.TargetAlt.Length > 0, $"{name}: the target has no TargetAlt");
    }

    static void Check(TableExhibit exhibit, string name)
    {
        Require(exhibit.Columns.Count > 0 && exhibit.Rows.Count > 0, $"{name} has {exhibit.Columns.Count} columns and {exhibit.Rows.Count} rows");
        foreach (GalleryRow row in exhibit.Rows)
            Require(row.Cells.Count == exhibit.Columns.Count, $"{name}, row '{row.Name}': {row.Cells.Count} cells for {exhibit.Columns.Count} columns");
    }

    static void Check(GalleryImage image, int targets, string name)
    {
        Require(image.Targets.Count >= targets, $"{name}, image '{image.Name}' has {image.Targets.Count} targets; it needs {targets}");
        Unlike(image.Targets.Select(t => $"{t.Class}"), $"{name}, image '{image.Name}'", "class");
    }

    static void Check(GalleryMethod method, string name) =>
        Require(method.Percentile is >= 90 and <= 100, $"{name}, method '{method.Name}' has the percentile {method.Percentile}, not 90 to 100");

    static string Check(GalleryMap map, string name)
    {
        string text = $"{name}: the map of image '{map.Image}', class {map.Class}, method '{map.Method}'";
        Require(map.Width > 0 && map.Height > 0 && map.Channels is 1 or 3, $"{text} has {map.Width} columns, {map.Height} rows and {map.Channels} channels; channels are 1 or 3");
        Require(map.Values.Length == (long)map.Width * map.Height * map.Channels, $"{text} has {map.Values.Length} values, not {map.Width} x {map.Height} x {map.Channels}");
        return text;
    }

    static bool Rising(IEnumerable<int> iterations)
    {
        int last = -1;
        foreach (int iteration in iterations)
        {
            if (iteration <= last)
                return false;
            last = iteration;
        }

        return true;
    }

    static bool IsId(string id) => id.Length > 0 && id.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');

    static void Unlike(IEnumerable<string> names, string where, string what)
    {
        if (names.GroupBy(n => n).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new PreimageException($"{where}: two have the same {what}, '{twice.Key}'");
    }

    static void Require(bool holds, string otherwise)
    {
        if (!holds)
            throw new PreimageException(otherwise);
    }
}
