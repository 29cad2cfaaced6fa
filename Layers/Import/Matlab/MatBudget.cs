namespace Preimage.Layers.Import.Matlab;

/// <summary>How many arrays a file may hold: an empty one takes more memory here than in the file, far more where the file is compressed.</summary>
internal sealed class MatBudget
{
    /// <summary>The most arrays of a file; a ResNet-152 has about 10,000.</summary>
    public const int MaxArrays = 1 << 18;

    int _left = MaxArrays;

    /// <summary>Counts one array.</summary>
    /// <exception cref="ModelException">There are too many.</exception>
    public void TakeArray()
    {
        Expect(1);
        _left--;
    }

    /// <summary>Checks that so many more are allowed.</summary>
    /// <exception cref="ModelException">There are too many.</exception>
    public void Expect(long count)
    {
        if (count > _left)
            throw MatFile.Damaged($"it holds more than {MaxArrays} arrays");
    }
}
