using Preimage.Layers.Operators;

namespace Preimage.Layers.Backends.Cuda;

/// <summary>What an operator owns on the device. It exists before the operator does, so that one that fails half made leaves nothing.</summary>
internal sealed class Owned : IDisposable
{
    readonly List<IDisposable> _parts = [];

    /// <summary>Makes an operator; what it took over is freed if that fails.</summary>
    public static IOperator Make(Func<Owned, IOperator> make)
    {
        var owned = new Owned();
        try
        {
            return make(owned);
        }
        catch
        {
            owned.Dispose();
            throw;
        }
    }

    /// <summary>Takes something over.</summary>
    public T Own<T>(T part) where T : IDisposable
    {
        _parts.Add(part);
        return part;
    }

    public void Dispose()
    {
        foreach (IDisposable part in _parts)
            part.Dispose();
        _parts.Clear();
    }
}
