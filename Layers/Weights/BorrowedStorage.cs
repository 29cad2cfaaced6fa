namespace Preimage.Layers.Weights;

/// <summary>The storage of a network that shares parts of another one: keeps the other's until it is freed itself.</summary>
internal sealed class BorrowedStorage : WeightStorage
{
    readonly WeightStorage _lender;

    /// <summary>Takes a reference.</summary>
    public BorrowedStorage(WeightStorage lender)
    {
        lender.Retain();
        _lender = lender;
    }

    /// <summary>Empty: no file holds this network.</summary>
    public override string Hash => "";

    protected override void Free() => _lender.Release();
}
