namespace Preimage.Layers.Import.Matlab;

/// <summary>Reads arrays (miMATRIX elements) and what they hold.</summary>
/// <remarks>
/// Depth, rank, names and the number of arrays are limited, and a size is believed only if that many bytes are left: memory is bounded by the
/// bytes there are.
/// </remarks>
internal sealed class MatArrayReader(MatBytes bytes, MatBudget budget)
{
    const int MaxDepth = 32, MaxRank = 16, MaxName = 256, MaxFields = 4096, MaxText = 1 << 20;
    const uint Complex = 0x800;

    /// <summary>Reads the array that comes next, its tag included.</summary>
    /// <param name="depth">How many arrays it lies in.</param>
    /// <exception cref="ModelException">It is damaged or breaks a limit.</exception>
    public MatArray Read(int depth = 0)
    {
        MatTag tag = bytes.Tag();
        return tag.Type == MatType.Matrix && !tag.Small
            ? Body(tag, depth)
            : throw MatFile.Damaged($"an element of type {(int)tag.Type} stands where an array (type {(int)MatType.Matrix}) is expected");
    }

    /// <summary>Reads the array whose tag was read.</summary>
    public MatArray Body(MatTag tag, int depth)
    {
        if (depth > MaxDepth)
            throw MatFile.Damaged($"arrays lie in each other more than {MaxDepth} deep");
        budget.TakeArray();
        // How MATLAB writes [] inside a cell or struct.
        if (tag.Size == 0)
            return new MatArray(MatClass.Double, [0, 0], "") { Doubles = [] };
        long outer = bytes.Enter(tag.Size);
        MatArray array = Content(depth);
        bytes.Leave(outer);
        return array;
    }

    MatArray Content(int depth)
    {
        double[] flags = MatNumbers.Doubles(bytes, 2, "the flags of an array");
        var type = (MatClass)((uint)flags[0] & 0xFF);
        bool complex = ((uint)flags[0] & Complex) != 0;
        // Objects of MATLAB's newer kind have no extents.
        int[] extents = type == MatClass.Opaque ? [0, 0] : Extents();
        string name = MatNumbers.Text(bytes, MaxName, "the name of an array");
        int count = Count(extents, name);
        switch (type)
        {
            case MatClass.Cell:
                return new MatArray(type, extents, name) { Children = Children(count, depth, name) };
            case MatClass.Struct:
                string[] fields = FieldNames(name);
                return new MatArray(type, extents, name) { Fields = fields, Children = Children((long)count * fields.Length, depth, name) };
            case MatClass.Char:
                return new MatArray(type, extents, name) { Text = count == 0 ? "" : MatNumbers.Text(bytes, MaxText, $"text '{name}'") };
            case var _ when type.IsNumeric():
                return type.FitsSingle()
                    ? new MatArray(type, extents, name) { Singles = MatNumbers.Singles(bytes, count, $"array '{name}'"), IsComplex = complex }
                    : new MatArray(type, extents, name) { Doubles = MatNumbers.Doubles(bytes, count, $"array '{name}'"), IsComplex = complex };
            case MatClass.Object or MatClass.Sparse or MatClass.Function or MatClass.Opaque:
                // Known by name, so that who asks for it can be told what it is; the content is passed over.
                return new MatArray(type, extents, name) { IsComplex = complex };
            default:
                throw MatFile.Damaged($"array '{name}' has the class {(int)type}: 1 to 17 are known");
        }
    }

    int[] Extents()
    {
        MatTag tag = bytes.Tag();
        long rank = tag.Size / 4;
        if (tag.Type != MatType.Int32 || rank is < 2 or > MaxRank || tag.Size % 4 != 0)
            throw MatFile.Damaged($"the extents of an array are {tag.Size} bytes of type {(int)tag.Type}: 2 to {MaxRank} numbers of type 5 are expected");
        var extents = new int[rank];
        bytes.Numbers(tag, extents.Length, "the extents of an array", (piece, first) =>
            System.Runtime.InteropServices.MemoryMarshal.Cast<byte, int>(piece).CopyTo(extents.AsSpan(first)));
        return extents;
    }

    static int Count(int[] extents, string name)
    {
        long count = 1;
        foreach (int extent in extents)
        {
            if (extent < 0)
                throw MatFile.Damaged($"array '{name}' has the extent {extent}");
            // Checked at each step, so that no later zero hides what has overflowed.
            count *= extent;
            if (count > int.MaxValue)
                throw MatFile.Damaged($"array '{name}' of {string.Join('x', extents)} has more than {int.MaxValue} elements");
        }

        return (int)count;
    }

    string[] FieldNames(string name)
    {
        int length = (int)MatNumbers.Doubles(bytes, 1, $"the length of the field names of '{name}'")[0];
        if (length is < 0 or > MaxName)
            throw MatFile.Damaged($"struct '{name}' has field names of {length} characters: 0 to {MaxName} are read");
        string all = MatNumbers.Text(bytes, length * MaxFields, $"the field names of '{name}'");
        // A struct without fields may have names of no characters.
        if (all.Length == 0)
            return [];
        if (all.Length % length != 0)
            throw MatFile.Damaged($"struct '{name}' has {all.Length} characters of field names, no multiple of {length}");
        return [.. Enumerable.Range(0, all.Length / length).Select(i => all.Substring(i * length, length)).Select(f => f.IndexOf('\0') is var end and >= 0 ? f[..end] : f)];
    }

    MatArray[] Children(long count, int depth, string name)
    {
        // An array has a tag of eight bytes at the least.
        if (count > bytes.Left / 8)
            throw MatFile.Damaged($"array '{name}' claims {count} arrays inside, {bytes.Left} bytes are left");
        budget.Expect(count);
        var children = new MatArray[count];
        for (int i = 0; i < children.Length; i++)
            children[i] = Read(depth + 1);
        return children;
    }
}
