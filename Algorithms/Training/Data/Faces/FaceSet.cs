using System.Collections.Concurrent;
using Preimage.Layers;

namespace Preimage.Algorithms.Training.Data.Faces;

/// <summary>Drawn faces with the make-up of the Radboud faces: 67 persons, 8 expressions, 3 angles, 3 directions of gaze.</summary>
internal sealed class FaceSet : CachedSet, IFaceSet
{
    /// <summary>How many persons there are at most.</summary>
    public const int Subjects = 67;
    const int Emotions = 8, Gazes = 3;

    readonly string _half;
    readonly FaceTask _task;
    readonly int _size;
    readonly ulong _seed;
    readonly int[] _members;
    readonly FacePerson[] _persons;
    readonly ConcurrentBag<FaceArtist> _artists = [];

    FaceSet(string half, FaceTask task, int size, int[] members, FacePerson[] persons, long cache, ulong seed) : base(cache)
    {
        (_half, _task, _size, _members, _persons, _seed) = (half, task, size, members, persons, seed);
        Classes = task == FaceTask.Emotion ? FaceName.Emotions : [.. persons.Select((_, i) => $"{i + 1:d2}")];
        SampleShape = new Shape(1, 3, size, size);
    }

    /// <inheritdoc/>
    public override string Name => $"faces {_half} ({(_task == FaceTask.Identity ? "identity" : "emotion")}, {_size}x{_size}{(_persons.Length < Subjects ? $", {_persons.Length} persons" : "")}, {Count}, seed {_seed})";

    /// <inheritdoc/>
    public override Shape SampleShape { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Classes { get; }

    /// <inheritdoc/>
    public override int Count => _members.Length;

    /// <summary>Draws the halves, of the first persons.</summary>
    public static DataSplit Split(FaceTask task, int size, long cache, ulong seed, int subjects = Subjects)
    {
        var all = new FaceAttributes[FaceSplit.Angles.Count * subjects * Emotions * Gazes];
        for (int i = 0; i < all.Length; i++) all[i] = Of(i);
        (int[] train, int[] test) = FaceSplit.Draw(all, task, seed);
        FacePerson[] persons = [.. Enumerable.Range(1, subjects).Select(subject => FacePerson.Of(subject, seed))];
        return new DataSplit(new FaceSet("train", task, size, train, persons, cache, seed), new FaceSet("test", task, size, test, persons, cache, seed));
    }

    /// <inheritdoc/>
    public FaceAttributes Attributes(int index)
    {
        Require(index);
        return Of(_members[index]);
    }

    /// <inheritdoc/>
    public override int Label(int index)
    {
        FaceAttributes face = Attributes(index);
        return _task == FaceTask.Identity ? face.Subject - 1 : (int)face.Emotion;
    }

    /// <inheritdoc/>
    public override string Title(int index)
    {
        FaceAttributes face = Attributes(index);
        return FaceName.Of(face, _persons[face.Subject - 1].Female ? "Drawn_female" : "Drawn_male");
    }

    /// <inheritdoc/>
    protected override void Make(int index, Span<byte> values)
    {
        if (!_artists.TryTake(out FaceArtist? artist)) artist = new FaceArtist(_size);
        FaceAttributes face = Of(_members[index]);
        artist.Draw(_persons[face.Subject - 1], face, _seed, (ulong)_members[index], values);
        _artists.Add(artist);
    }

    /// <summary>All pictures in one order: subject, angle, emotion, gaze.</summary>
    static FaceAttributes Of(int number)
    {
        int gaze = number % Gazes, emotion = number / Gazes % Emotions, rest = number / (Gazes * Emotions);
        return new FaceAttributes(rest / FaceSplit.Angles.Count + 1, FaceSplit.Angles[rest % FaceSplit.Angles.Count], (FaceEmotion)emotion, (FaceGaze)gaze);
    }
}
