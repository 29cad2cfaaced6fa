namespace Preimage.Layers.Import.Caffe;

/// <summary>A message of a Caffe file as a tree, whether it was text or binary. Weights are the places where they lie.</summary>
internal sealed class CaffeMessage
{
    readonly Dictionary<string, List<object>> _fields = new(StringComparer.Ordinal);

    /// <summary>A message without fields: what is read from it are the defaults.</summary>
    public static CaffeMessage Empty { get; } = new();

    /// <summary>Where weights lie in the binary file, in order.</summary>
    public List<(CaffeContent Content, long Offset, long Length)> Payloads { get; } = [];

    public void Add(string name, object value)
    {
        if (!_fields.TryGetValue(name, out List<object>? values))
            _fields.Add(name, values = []);
        values.Add(value);
    }

    public bool Has(string name) => _fields.ContainsKey(name);

    /// <summary>Whether a field holds a number.</summary>
    public bool IsNumber(string name) => Last(name) is double;

    /// <summary>How often a field is there.</summary>
    public int Count(string name) => _fields.TryGetValue(name, out List<object>? values) ? values.Count : 0;

    public IEnumerable<CaffeMessage> Messages(string name) => All(name).Cast<CaffeMessage>();

    /// <summary>The message of a field, an empty one where it is absent.</summary>
    public CaffeMessage Message(string name) => (CaffeMessage?)Last(name) ?? Empty;

    public IEnumerable<string> Texts(string name) => All(name).Cast<string>();

    public string Text(string name) => (string?)Last(name) ?? "";

    /// <summary>The numbers of a repeated field.</summary>
    public IEnumerable<double> Numbers(string name) => All(name).Cast<double>();

    public float Number(string name, float absent) => Last(name) is double value ? (float)value : absent;

    public bool Flag(string name, bool absent) => Last(name) is double value ? value != 0 : absent;

    /// <summary>The whole numbers of a repeated field.</summary>
    public int[] Integers(string name) => [.. Numbers(name).Select(value => Integer(name, value))];

    /// <summary>A whole number.</summary>
    /// <exception cref="ShapeException">It is out of the range of 32 bits.</exception>
    public int Integer(string name, int absent) => Last(name) is double value ? Integer(name, value) : absent;

    static int Integer(string name, double value) => value is >= int.MinValue and <= int.MaxValue
        ? (int)value
        : throw new ShapeException($"its {name} {value} is out of range {int.MinValue} to {int.MaxValue}");

    List<object> All(string name) => _fields.TryGetValue(name, out List<object>? values) ? values : [];

    // As protobuf has it: of several values of a field that is not repeated, the last one counts.
    object? Last(string name) => _fields.TryGetValue(name, out List<object>? values) ? values[^1] : null;
}
