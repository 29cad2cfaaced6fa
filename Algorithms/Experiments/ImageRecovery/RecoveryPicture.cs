using Preimage.Algorithms.Experiments.Reproduction;
using Preimage.Algorithms.Imaging;
using Preimage.Algorithms.Training.Data;

namespace Preimage.Algorithms.Experiments.ImageRecovery;

/// <summary>A picture that a network is shown.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Identity">What tells it from others beside the samples' text, for the settings of a unit.</param>
/// <param name="Read">The pixels.</param>
internal sealed record RecoveryPicture(string Name, string Identity, Func<Picture> Read)
{
    /// <summary>Photos where nobody says how many.</summary>
    public const int Photos = 10;

    /// <summary>Pictures of a unit of work.</summary>
    public const int OfAUnit = 5;

    /// <summary>Parts along each side that a photo is cut in, where many pictures are wanted.</summary>
    const int Parts = 5;

    /// <summary>The part of the photo's shorter side that a crop shows.</summary>
    const int Side = 3;

    /// <summary>Test pictures of a data set where nobody says how many.</summary>
    const int Tests = 20;

    /// <summary>What a network is shown: test pictures of the run's samples for the small VGG, photos for all others and wherever the owner gives pictures.</summary>
    public static IReadOnlyList<RecoveryPicture> Of(Laboratory laboratory, RecoveryNetwork network) =>
        network.Key == RecoveryNetwork.Small && laboratory.Options.Images is null
            ? [.. TestsOf(SmallVgg.Data(laboratory).Test).Take(laboratory.Options.Count ?? Tests)]
            : [.. laboratory.Photos.Select(Whole)];

    /// <summary>Many pictures: photos cut in crops, a third of their shorter side each, and as many test pictures; as many as there are where that is fewer.</summary>
    public static IReadOnlyList<RecoveryPicture> Many(Laboratory laboratory, int count)
    {
        RecoveryPicture[] crops = [.. Enumerable.Range(0, Parts * Parts).SelectMany(part => laboratory.Photos.Select(photo => Crop(photo, part))).Take((count + 1) / 2)];
        return [.. crops, .. TestsOf(SmallVgg.Data(laboratory).Test).Take(count - crops.Length)];
    }

    /// <summary>What a reader has to know of the pictures.</summary>
    public static IEnumerable<string> Notes(Laboratory laboratory)
    {
        if (laboratory.Photos[0].IsDrawn)
            yield return "there are no photos in a data folder here: a drawn picture stands in";
        yield return $"samples: {laboratory.Samples}";
    }

    static RecoveryPicture Whole(Photo photo) => new(photo.Name, photo.Hash, () => photo.Picture);

    static RecoveryPicture Crop(Photo photo, int part) => new($"{photo.Name}, part {part}", $"{photo.Hash} {part}", () =>
    {
        Picture whole = photo.Picture;
        int side = Math.Max(1, Math.Min(whole.Width, whole.Height) / Side);
        return whole.Crop((whole.Width - side) * (part % Parts) / (Parts - 1), (whole.Height - side) * (part / Parts) / (Parts - 1), side, side);
    });

    static IEnumerable<RecoveryPicture> TestsOf(DataSet test) =>
        Enumerable.Range(0, test.Count).Select(i => new RecoveryPicture($"test picture {i}", $"test {i}", () => Planes.Read(test, i)));
}
