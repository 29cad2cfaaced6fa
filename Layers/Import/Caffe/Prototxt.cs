namespace Preimage.Layers.Import.Caffe;

/// <summary>Reads the text form of a Caffe network into a tree.</summary>
/// <remarks>A field that a message of ours does not have is an error, since it may be a slip of the pen; parameters of unknown layers are skipped.</remarks>
internal sealed class Prototxt
{
    readonly PrototxtLexer _lexer;
    int _values;

    Prototxt(string text) => _lexer = new PrototxtLexer(text);

    /// <summary>The network a text describes.</summary>
    /// <exception cref="ModelException">It is not protobuf text, or not that of a network.</exception>
    public static CaffeMessage Read(string text)
    {
        var reader = new Prototxt(text);
        CaffeMessage message = reader.ReadFields(CaffeSchema.Root, null, 0);
        return message.Count("layers") + message.Count("layer") > 0 ? message : throw new ModelException("the network's structure has no layers");
    }

    /// <summary>The fields up to a closing sign, or to the end of the text.</summary>
    CaffeMessage ReadFields(string? kind, char? closing, int depth)
    {
        if (depth > CaffeWire.MaxDepth)
            throw _lexer.Error($"messages are nested more than {CaffeWire.MaxDepth} deep");
        var message = new CaffeMessage();
        while (closing is { } sign ? !_lexer.Take(sign) : _lexer.Token != PrototxtToken.End)
        {
            if (_lexer.Token != PrototxtToken.Word)
                throw _lexer.Error($"the name of a field is expected, not {_lexer.Value}");
            string name = _lexer.Value;
            CaffeField? field = kind is null ? null : CaffeSchema.Find(kind, name);
            if (kind is not null && field is null && !CaffeSchema.IsOpen(kind))
                throw _lexer.Error($"{kind} has no field '{name}'");
            if (field?.Content == CaffeContent.Unused)
                field = null;
            _lexer.Next();
            bool colon = _lexer.Take(':');
            if (_lexer.Take('['))
                ReadList(message, name, field, depth);
            else
                ReadValue(message, name, field, colon, depth);
            if (!_lexer.Take(';'))
                _lexer.Take(',');
        }

        return message;
    }

    void ReadList(CaffeMessage message, string name, CaffeField? field, int depth)
    {
        if (_lexer.Take(']'))
            return;
        do
            ReadValue(message, name, field, true, depth);
        while (_lexer.Take(','));
        if (!_lexer.Take(']'))
            throw _lexer.Error($"a list ends with ], not {_lexer.Value}");
    }

    void ReadValue(CaffeMessage message, string name, CaffeField? field, bool colon, int depth)
    {
        if (++_values > CaffeWire.MaxValues)
            throw _lexer.Error($"there are more than {CaffeWire.MaxValues} values");
        bool brace = _lexer.Is('{');
        if (brace || _lexer.Is('<'))
        {
            if (field is not null && field.Content != CaffeContent.Message)
                throw _lexer.Error($"{name} is no message");
            _lexer.Next();
            CaffeMessage inner = ReadFields(field?.Message, brace ? '}' : '>', depth + 1);
            if (field is not null)
                message.Add(name, inner);
            return;
        }

        if (!colon)
            throw _lexer.Error($"a colon or a brace belongs behind {name}, not {_lexer.Value}");
        if (_lexer.Token is PrototxtToken.Sign or PrototxtToken.End)
            throw _lexer.Error($"{name} has no value: {_lexer.Value} follows");
        if (field is not null)
            message.Add(name, Scalar(field));
        _lexer.Next();
    }

    object Scalar(CaffeField field)
    {
        object? value = (field.Content, _lexer.Token) switch
        {
            (CaffeContent.Text, PrototxtToken.Text) => _lexer.Value,
            (CaffeContent.Integer, PrototxtToken.Number) when double.IsInteger(_lexer.Number) => _lexer.Number,
            (CaffeContent.Integer, PrototxtToken.Word) when field.Names is { } names && Array.IndexOf(names, _lexer.Value) is var index and >= 0 => (double)index,
            (CaffeContent.Flag, _) when _lexer.Value is "true" or "True" or "t" or "1" => 1.0,
            (CaffeContent.Flag, _) when _lexer.Value is "false" or "False" or "f" or "0" => 0.0,
            (CaffeContent.Number or CaffeContent.Singles or CaffeContent.Doubles, PrototxtToken.Number) => _lexer.Number,
            (CaffeContent.Number, PrototxtToken.Word) when _lexer.Value is "inf" or "infinity" => double.PositiveInfinity,
            (CaffeContent.Number, PrototxtToken.Word) when _lexer.Value is "nan" => double.NaN,
            _ => null,
        };
        return value ?? throw _lexer.Error($"{_lexer.Value} is no value for {field.Name}" +
            (field.Names is null ? "" : $": {string.Join(", ", field.Names)} are"));
    }
}
