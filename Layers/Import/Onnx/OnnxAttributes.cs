using System.Text;
using Google.Protobuf;
using Preimage.Layers.Import.Onnx.Wire;

namespace Preimage.Layers.Import.Onnx;

/// <summary>A node's attributes by name and type. Errors are <see cref="ShapeException"/>s, to which the reader adds the node.</summary>
internal sealed class OnnxAttributes
{
    // AttributeProto.AttributeType; files written before it existed, or in proto3, may leave it out.
    const int FloatType = 1, IntegerType = 2, TextType = 3, FloatsType = 6, IntegersType = 7;

    readonly Dictionary<string, AttributeProto> _byName = new(StringComparer.Ordinal);

    public OnnxAttributes(IEnumerable<AttributeProto> attributes)
    {
        foreach (AttributeProto attribute in attributes)
        {
            if (!_byName.TryAdd(attribute.Name, attribute))
                throw new ShapeException($"its attribute '{attribute.Name}' is there twice");
        }
    }

    public bool Has(string name) => _byName.ContainsKey(name);

    public long? Integer(string name) => Find(name, IntegerType, a => a.HasI) is { } found ? found.I : null;

    /// <summary>A number that fits 32 bits.</summary>
    public int Int(string name, int standard) => Integer(name) is { } value ? ToInt(name, value) : standard;

    public float? Float(string name) => Find(name, FloatType, a => a.HasF) is { } found ? found.F : null;

    public string? Text(string name) => Find(name, TextType, a => a.HasS) is { } found ? Encoding.UTF8.GetString(found.S.Span) : null;

    public IReadOnlyList<long>? Integers(string name) => Find(name, IntegersType, a => a.Ints.Count > 0)?.Ints;

    /// <summary>Numbers that fit 32 bits.</summary>
    public int[]? Ints(string name) => Integers(name)?.Select(v => ToInt(name, v)).ToArray();

    public IReadOnlyList<float>? Floats(string name) => Find(name, FloatsType, a => a.Floats.Count > 0)?.Floats;

    public TensorProto? Tensor(string name) => _byName.TryGetValue(name, out AttributeProto? found)
        ? found.T ?? throw Misfit(name, "tensor")
        : null;

    public GraphProto Graph(string name) => _byName.TryGetValue(name, out AttributeProto? found) && found.G is not null
        ? found.G
        : throw new ShapeException($"its attribute '{name}' is missing, or is no graph");

    /// <summary>The name of an attribute that is not among those given, or null.</summary>
    public string? Other(params ReadOnlySpan<string> known)
    {
        foreach (string name in _byName.Keys)
        {
            if (!known.Contains(name))
                return name;
        }

        return null;
    }

    AttributeProto? Find(string name, int type, Func<AttributeProto, bool> has)
    {
        if (!_byName.TryGetValue(name, out AttributeProto? found))
            return null;
        bool right = found.Type == type || (found.Type == 0 && (has(found) || IsBlank(found)));
        return right ? found : throw Misfit(name, type switch
        {
            FloatType => "float",
            IntegerType => "integer",
            TextType => "text",
            FloatsType => "list of floats",
            _ => "list of integers",
        });
    }

    static bool IsBlank(AttributeProto a) =>
        !a.HasF && !a.HasI && !a.HasS && a.T is null && a.G is null && a.Floats.Count == 0 && a.Ints.Count == 0 && a.Strings.Count == 0;

    static int ToInt(string name, long value) => value is >= int.MinValue and <= int.MaxValue
        ? (int)value
        : throw new ShapeException($"its attribute '{name}' is {value}: out of range");

    static ShapeException Misfit(string name, string wanted) => new($"its attribute '{name}' is no {wanted}");
}
