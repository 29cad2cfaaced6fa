using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using Preimage.Layers.Import.Matlab;

namespace Preimage.Layers.Tests.Import.MatConvNet;

/// <summary>An array to be written to a MAT file: drawn up, damaged and written by tests. Written from the format's description, apart from the reader.</summary>
internal sealed class MatNode
{
    public MatClass Class { get; set; }

    public int[] Extents { get; set; } = [0, 0];

    public string Name { get; set; } = "";

    /// <summary>Numbers or code units, in column-major order.</summary>
    public double[] Numbers { get; set; } = [];

    /// <summary>How they are stored; null for the type that belongs to the class.</summary>
    public MatType? Stored { get; set; }

    public bool IsComplex { get; set; }

    public string[] Fields { get; set; } = [];

    /// <summary>Elements of a cell array; of a struct array, element by element and field by field.</summary>
    public List<MatNode> Children { get; set; } = [];

    public static MatNode Array(int[] extents, IEnumerable<double> numbers, MatClass type = MatClass.Single, MatType? stored = null) =>
        new() { Class = type, Extents = extents, Numbers = [.. numbers], Stored = stored };

    /// <summary>A row of doubles, stored as MATLAB does: in the smallest type that holds them.</summary>
    public static MatNode Row(params double[] numbers) => new()
    {
        Class = MatClass.Double, Extents = [1, numbers.Length], Numbers = numbers,
        Stored = numbers.All(n => n is >= 0 and <= 255 && n == Math.Floor(n)) ? MatType.UInt8 : MatType.Double,
    };

    public static MatNode Text(string text) => new() { Class = MatClass.Char, Extents = [text.Length > 0 ? 1 : 0, text.Length], Numbers = [.. text.Select(c => (double)c)] };

    public static MatNode Cell(params IEnumerable<MatNode> elements)
    {
        List<MatNode> all = [.. elements];
        return new MatNode { Class = MatClass.Cell, Extents = [1, all.Count], Children = all };
    }

    public static MatNode Struct(params IEnumerable<(string Field, MatNode Value)> fields)
    {
        (string Field, MatNode Value)[] all = [.. fields];
        return new MatNode { Class = MatClass.Struct, Extents = [1, 1], Fields = [.. all.Select(f => f.Field)], Children = [.. all.Select(f => f.Value)] };
    }

    /// <summary>A struct array of structs with the same fields.</summary>
    public static MatNode StructArray(params IEnumerable<MatNode> elements)
    {
        MatNode[] all = [.. elements];
        return new MatNode { Class = MatClass.Struct, Extents = [1, all.Length], Fields = all[0].Fields, Children = [.. all.SelectMany(e => e.Children)] };
    }

    public MatNode Named(string name)
    {
        Name = name;
        return this;
    }

    public MatNode Clone()
    {
        var copy = (MatNode)MemberwiseClone();
        (copy.Extents, copy.Numbers, copy.Fields) = ([.. Extents], [.. Numbers], [.. Fields]);
        copy.Children = Children.ConvertAll(c => c.Clone());
        return copy;
    }

    /// <summary>This array and all inside it.</summary>
    public IEnumerable<MatNode> All() => Children.SelectMany(c => c.All()).Prepend(this);

    /// <summary>A MAT file of variables.</summary>
    public static byte[] File(IEnumerable<MatNode> variables, bool compress = false, bool bigEndian = false)
    {
        var file = new MemoryStream();
        file.Write(Encoding.ASCII.GetBytes("MATLAB 5.0 MAT-file, Platform: GLNXA64, Created on: Thu Jan  1 00:00:00 2015".PadRight(116)));
        file.Write(new byte[8]);
        file.Write(bigEndian ? [1, 0, (byte)'M', (byte)'I'] : [0, 1, (byte)'I', (byte)'M']);
        foreach (MatNode variable in variables)
        {
            var matrix = new MemoryStream();
            variable.Write(matrix, bigEndian);
            if (!compress)
            {
                matrix.WriteTo(file);
                continue;
            }

            var packed = new MemoryStream();
            using (var deflate = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
                matrix.WriteTo(deflate);
            Word(file, (uint)MatType.Compressed, bigEndian);
            Word(file, (uint)packed.Length, bigEndian);
            packed.WriteTo(file);
        }

        return file.ToArray();
    }

    void Write(Stream to, bool bigEndian)
    {
        var body = new MemoryStream();
        Element(body, MatType.UInt32, [(uint)Class | (IsComplex ? 0x800u : 0), 0], bigEndian);
        Element(body, MatType.Int32, [.. Extents.Select(e => (double)e)], bigEndian);
        Element(body, MatType.Int8, [.. Name.Select(c => (double)c)], bigEndian);
        if (Class == MatClass.Struct)
        {
            const int Length = 32;
            Element(body, MatType.Int32, [Length], bigEndian);
            Element(body, MatType.Int8, [.. Fields.SelectMany(f => f.PadRight(Length, '\0')).Select(c => (double)c)], bigEndian);
        }

        if (Class is MatClass.Struct or MatClass.Cell)
            Children.ForEach(c => c.Write(body, bigEndian));
        else if (Numbers.Length > 0 || Class is not MatClass.Char)
            Element(body, Stored ?? Own(Class), Numbers, bigEndian);
        if (IsComplex)
            Element(body, Stored ?? Own(Class), Numbers, bigEndian);
        Word(to, (uint)MatType.Matrix, bigEndian);
        Word(to, (uint)body.Length, bigEndian);
        body.WriteTo(to);
    }

    static void Element(Stream to, MatType type, double[] numbers, bool bigEndian)
    {
        var data = new MemoryStream();
        foreach (double number in numbers)
            Number(data, type, number, bigEndian);
        if (data.Length is > 0 and <= 4)
        {
            Word(to, (uint)type | (uint)data.Length << 16, bigEndian);
            data.SetLength(4);
            data.WriteTo(to);
            return;
        }

        Word(to, (uint)type, bigEndian);
        Word(to, (uint)data.Length, bigEndian);
        data.SetLength((data.Length + 7) / 8 * 8);
        data.WriteTo(to);
    }

    static void Number(Stream to, MatType type, double number, bool bigEndian)
    {
        byte[] bytes = type switch
        {
            MatType.Int8 => [(byte)(sbyte)number],
            MatType.UInt8 or MatType.Utf8 => [(byte)number],
            MatType.Int16 => BitConverter.GetBytes((short)number),
            MatType.UInt16 or MatType.Utf16 => BitConverter.GetBytes((ushort)number),
            MatType.Int32 => BitConverter.GetBytes((int)number),
            MatType.UInt32 or MatType.Utf32 => BitConverter.GetBytes((uint)number),
            MatType.Single => BitConverter.GetBytes((float)number),
            MatType.Int64 => BitConverter.GetBytes((long)number),
            MatType.UInt64 => BitConverter.GetBytes((ulong)number),
            _ => BitConverter.GetBytes(number),
        };
        if (bigEndian)
            System.Array.Reverse(bytes);
        to.Write(bytes);
    }

    static void Word(Stream to, uint word, bool bigEndian)
    {
        Span<byte> bytes = stackalloc byte[4];
        if (bigEndian)
            BinaryPrimitives.WriteUInt32BigEndian(bytes, word);
        else
            BinaryPrimitives.WriteUInt32LittleEndian(bytes, word);
        to.Write(bytes);
    }

    static MatType Own(MatClass type) => type switch
    {
        MatClass.Char => MatType.Utf16,
        MatClass.Single => MatType.Single,
        MatClass.Int8 => MatType.Int8,
        MatClass.UInt8 => MatType.UInt8,
        MatClass.Int16 => MatType.Int16,
        MatClass.UInt16 => MatType.UInt16,
        MatClass.Int32 => MatType.Int32,
        MatClass.UInt32 => MatType.UInt32,
        MatClass.Int64 => MatType.Int64,
        MatClass.UInt64 => MatType.UInt64,
        _ => MatType.Double,
    };
}
