namespace Preimage.Layers.Weights;

/// <summary>What holds a model's weights, shared by the network and every engine made from it; freed with the last of them.</summary>
internal abstract class WeightStorage
{
    int _references = 1;

    /// <summary>Takes one more reference.</summary>
    /// <exception cref="ObjectDisposedException">The last one is gone already.</exception>
    public void Retain()
    {
        int references;
        do
        {
            references = Volatile.Read(ref _references);
            ObjectDisposedException.ThrowIf(references == 0, typeof(Network));
        }
        while (Interlocked.CompareExchange(ref _references, references + 1, references) != references);
    }

    /// <summary>Gives a reference back.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref _references) == 0)
            Free();
    }

    /// <summary>SHA-256 of the whole model as lower-case hexadecimal digits.</summary>
    public abstract string Hash { get; }

    /// <summary>Frees what is held; reading a weight source fails from then on.</summary>
    protected abstract void Free();
}
