namespace Preimage.Layers.Operators;

/// <summary>What follows an operator and happens in its store: + input 1, then max(x, 0).</summary>
/// <param name="Adds">Whether there is an input 1, of the output's shape, to be added.</param>
/// <param name="Rectifies">Whether a ReLU comes last.</param>
internal readonly record struct Tail(bool Adds, bool Rectifies);

/// <summary>An operator that can run the nodes behind it in its store.</summary>
internal interface ITakesTail
{
    /// <summary>Takes the tail over before the first run, or leaves everything as it is.</summary>
    bool TryTake(Tail tail);
}
