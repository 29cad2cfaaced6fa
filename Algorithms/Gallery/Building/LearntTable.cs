namespace Preimage.Algorithms.Gallery.Building;

/// <summary>How much the maps of each method depend on the class, and on anything having been learnt.</summary>
internal static class LearntTable
{
    /// <summary>Compares the maps of two networks.</summary>
    /// <param name="trained">The maps of the trained network.</param>
    /// <param name="random">The maps of the random one, for the first of its pictures.</param>
    public static IReadOnlyList<MethodFinding> Compare(IReadOnlyList<MethodMaps> trained, IReadOnlyList<MethodMaps> random) =>
    [
        .. from own in trained
           let other = random.FirstOrDefault(r => r.Method.Name == own.Method.Name)
           select new MethodFinding(
               own.Method.Title, Mean(own.Maps.Count, own.BetweenClasses), other is null ? double.NaN : Mean(other.Maps.Count, i => own.Between(other, i))),
    ];

    /// <summary>The numbers as an exhibit.</summary>
    public static TableExhibit Make(IReadOnlyList<MethodFinding> rows) => new()
    {
        Title = "Does the picture depend on what was learnt?",
        LookFor = "A method that looks into the network gives other maps for another class, and others again once all weights are drawn at random. Numbers near 1 say that it does not.",
        Id = "learnt",
        RowHeader = "Method",
        Columns =
        [
            new GalleryColumn("Between classes", "cosine", BetterWhen.Lower, "The cosine of the maps of two classes of one picture, the mean over pairs and pictures."),
            new GalleryColumn("Trained and random", "cosine", BetterWhen.Lower, "The cosine of the maps of the trained network and of the same one with random weights, for the strongest class, the mean over pictures."),
        ],
        Rows = [.. rows.Select(r => new GalleryRow(r.Method, [MapExhibits.Cell(r.BetweenClasses), MapExhibits.Cell(r.ToRandom)]))],
    };

    static double Mean(int count, Func<int, double> number) => Enumerable.Range(0, count).Select(number).Where(n => !double.IsNaN(n)).DefaultIfEmpty(double.NaN).Average();
}
