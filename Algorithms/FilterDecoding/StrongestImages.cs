using System.Numerics.Tensors;

namespace Preimage.Algorithms.FilterDecoding;

/// <summary>The images to which each unit responds most, of any number that go by.</summary>
/// <param name="units">How many units.</param>
/// <param name="count">Images kept per unit.</param>
internal sealed class StrongestImages(int units, int count)
{
    readonly List<(int Image, float Response)>[] _best = [.. Enumerable.Range(0, units).Select(_ => new List<(int, float)>())];

    /// <summary>The images of a unit, the strongest first, the first of equals first.</summary>
    public IReadOnlyList<(int Image, float Response)> Of(int unit) => _best[unit];

    /// <summary>Looks at an image.</summary>
    /// <param name="image">Its number.</param>
    /// <param name="responses">units x places values; the largest of a unit's places counts.</param>
    public void Note(int image, ReadOnlySpan<float> responses)
    {
        int places = responses.Length / units;
        for (int unit = 0; unit < units; unit++)
        {
            float response = TensorPrimitives.Max(responses.Slice(unit * places, places));
            List<(int Image, float Response)> best = _best[unit];
            int place = best.FindIndex(b => b.Response < response);
            if (place < 0)
                place = best.Count;
            if (place >= count)
                continue;
            best.Insert(place, (image, response));
            if (best.Count > count)
                best.RemoveAt(count);
        }
    }
}
