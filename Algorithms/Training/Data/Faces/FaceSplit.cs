namespace Preimage.Algorithms.Training.Data.Faces;

/// <summary>Which faces are learnt from and which are tested on (reference specification 4.1).</summary>
internal static class FaceSplit
{
    /// <summary>The angles that are kept; 0 and 180 are not.</summary>
    public static IReadOnlyList<int> Angles { get; } = [45, 90, 135];

    /// <summary>Draws the halves: identity: of every subject and angle one half of the pictures, emotion: of every emotion and angle one half, the larger one to learn from.</summary>
    /// <param name="faces">All pictures, in an order that does not depend on the machine.</param>
    /// <param name="task">What is learnt.</param>
    /// <param name="seed">What the draw follows from.</param>
    /// <returns>Places in the list, rising: of 67 subjects 2412 and 2412 for identity, 2424 and 2400 for emotion.</returns>
    public static (int[] Train, int[] Test) Draw(IReadOnlyList<FaceAttributes> faces, FaceTask task, ulong seed)
    {
        List<int> train = [], test = [];
        ulong stream = 0;
        foreach (var group in Enumerable.Range(0, faces.Count)
            .GroupBy(i => (Class: task == FaceTask.Identity ? faces[i].Subject : (int)faces[i].Emotion, faces[i].Angle)).OrderBy(group => group.Key))
        {
            int[] members = [.. group], order = SeededOrder.Of(members.Length, seed, stream++);
            int learnt = (members.Length + 1) / 2;
            for (int i = 0; i < order.Length; i++) (i < learnt ? train : test).Add(members[order[i]]);
        }

        train.Sort();
        test.Sort();
        return ([.. train], [.. test]);
    }
}
