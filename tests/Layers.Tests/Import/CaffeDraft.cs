using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Preimage.Layers.Import.Caffe;

namespace Preimage.Layers.Tests.Import;

/// <summary>A Caffe message as a test writes it, and the two forms it can be written in.</summary>
internal sealed class CaffeDraft(string kind)
{
    /// <summary>The kind of the message.</summary>
    public string Kind { get; } = kind;

    /// <summary>The fields in order: texts (also names of numbers), numbers, arrays of weights, messages.</summary>
    public List<(string Name, object Value)> Fields { get; } = [];

    public CaffeDraft With(string name, params object[] values)
    {
        foreach (object value in values)
            Fields.Add((name, value is string or CaffeDraft or float[] or double[] ? value : Convert.ToDouble(value, CultureInfo.InvariantCulture)));
        return this;
    }

    /// <summary>The messages of a field.</summary>
    public IEnumerable<CaffeDraft> Messages(string name) => Fields.Where(f => f.Name == name).Select(f => (CaffeDraft)f.Value);

    public string Text(string name) => (string?)Fields.FirstOrDefault(f => f.Name == name).Value ?? "";

    public CaffeDraft Clone()
    {
        var copy = new CaffeDraft(Kind);
        copy.Fields.AddRange(Fields.Select(f => (f.Name, f.Value is CaffeDraft inner ? inner.Clone() : f.Value)));
        return copy;
    }

    /// <summary>The message without fields of a name, also inside.</summary>
    public CaffeDraft Without(string name)
    {
        CaffeDraft copy = Clone();
        copy.Remove(name);
        return copy;
    }

    /// <summary>Itself and all messages inside.</summary>
    public IEnumerable<CaffeDraft> All() => Fields.Select(f => f.Value).OfType<CaffeDraft>().SelectMany(m => m.All()).Prepend(this);

    public string ToText(int depth = 0)
    {
        var text = new StringBuilder();
        foreach ((string name, object value) in Fields)
        {
            text.Append(' ', 2 * depth).Append(name);
            text.Append(value switch
            {
                CaffeDraft inner => $" {{\n{inner.ToText(depth + 1)}{new string(' ', 2 * depth)}}}",
                string word when CaffeSchema.Find(Kind, name)?.Content == CaffeContent.Text => $": \"{word}\"",
                string word => $": {word}",
                float[] values => $": [{string.Join(", ", values.Select(v => v.ToString("R", CultureInfo.InvariantCulture)))}]",
                double number when CaffeSchema.Find(Kind, name)?.Content == CaffeContent.Flag => number != 0 ? ": true" : ": false",
                double number => ": " + number.ToString("R", CultureInfo.InvariantCulture),
                _ => throw new InvalidOperationException(name),
            });
            text.Append('\n');
        }

        return text.ToString();
    }

    public byte[] ToBinary()
    {
        using var bytes = new MemoryStream();
        foreach ((string name, object value) in Fields)
        {
            CaffeField field = CaffeSchema.Find(Kind, name) ?? throw new InvalidOperationException($"{Kind} has no {name}");
            switch (value)
            {
                case CaffeDraft inner:
                    WriteBytes(bytes, field.Number, inner.ToBinary());
                    break;
                case string word when field.Names is not null:
                    WriteVarint(bytes, field.Number << 3);
                    WriteVarint(bytes, (ulong)Array.IndexOf(field.Names, word));
                    break;
                case string word:
                    WriteBytes(bytes, field.Number, Encoding.UTF8.GetBytes(word));
                    break;
                case float[] values:
                    WriteBytes(bytes, field.Number, MemoryMarshal.AsBytes(values.AsSpan()));
                    break;
                case double[] values:
                    WriteBytes(bytes, field.Number, MemoryMarshal.AsBytes(values.AsSpan()));
                    break;
                case double number when field.Content == CaffeContent.Number:
                    WriteVarint(bytes, field.Number << 3 | 5);
                    bytes.Write(BitConverter.GetBytes((float)number));
                    break;
                case double number:
                    WriteVarint(bytes, field.Number << 3);
                    WriteVarint(bytes, unchecked((ulong)(long)number));
                    break;
            }
        }

        return bytes.ToArray();
    }

    void Remove(string name)
    {
        Fields.RemoveAll(f => f.Name == name);
        foreach (CaffeDraft inner in Fields.Select(f => f.Value).OfType<CaffeDraft>())
            inner.Remove(name);
    }

    static void WriteBytes(MemoryStream bytes, uint field, ReadOnlySpan<byte> value)
    {
        WriteVarint(bytes, field << 3 | 2);
        WriteVarint(bytes, (ulong)value.Length);
        bytes.Write(value);
    }

    static void WriteVarint(MemoryStream bytes, ulong value)
    {
        for (; value >= 128; value >>= 7)
            bytes.WriteByte((byte)(value | 128));
        bytes.WriteByte((byte)value);
    }
}
