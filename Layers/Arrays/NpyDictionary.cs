namespace Preimage.Layers.Arrays;

/// <summary>Reads the three keys of a .npy header from its Python dictionary literal.</summary>
internal sealed class NpyDictionary
{
    readonly string _text;
    readonly string _source;
    int _at;

    public NpyDictionary(string text, string source)
    {
        _text = text;
        _source = source;
        bool descr = false, order = false, shape = false;
        Expect('{');
        while (!Accept('}'))
        {
            string key = ReadQuoted();
            Expect(':');
            switch (key)
            {
                case "descr" when !descr: Descr = ReadDescr(); descr = true; break;
                case "fortran_order" when !order: FortranOrder = ReadBoolean(); order = true; break;
                case "shape" when !shape: ReadShape(); shape = true; break;
                default: throw Wrong($"key '{key}' is unknown or there twice");
            }
            if (Accept('}')) break;
            Expect(',');
        }
        if (!(descr && order && shape)) throw Wrong("one of descr, fortran_order and shape is missing");
        SkipBlanks();
        if (_at < _text.Length) throw Wrong("text after the closing brace");
    }

    public string Descr { get; } = "";

    public bool FortranOrder { get; }

    public List<long> Shape { get; } = [];

    string ReadDescr()
    {
        SkipBlanks();
        if (_at < _text.Length && _text[_at] == '[')
            throw new ArrayFormatException(_source, "arrays of records are not read; save each field as an array of its own.");
        return ReadQuoted();
    }

    void ReadShape()
    {
        Expect('(');
        while (!Accept(')'))
        {
            Shape.Add(ReadInteger());
            if (Accept(')')) break;
            Expect(',');
        }
    }

    string ReadQuoted()
    {
        SkipBlanks();
        if (_at >= _text.Length || _text[_at] is not ('\'' or '"')) throw Wrong("a quoted word was expected");
        int end = _text.IndexOf(_text[_at], _at + 1);
        if (end < 0) throw Wrong("a quote is not closed");
        string word = _text[(_at + 1)..end];
        _at = end + 1;
        return word;
    }

    bool ReadBoolean()
    {
        SkipBlanks();
        foreach (var (word, value) in new[] { ("True", true), ("False", false) })
        {
            if (string.CompareOrdinal(_text, _at, word, 0, word.Length) != 0) continue;
            _at += word.Length;
            return value;
        }
        throw Wrong("True or False was expected");
    }

    long ReadInteger()
    {
        SkipBlanks();
        int start = _at;
        while (_at < _text.Length && char.IsAsciiDigit(_text[_at])) _at++;
        if (!long.TryParse(_text.AsSpan(start, _at - start), out long value)) throw Wrong("a length was expected");
        // Files of Python 2 mark long integers so.
        if (_at < _text.Length && _text[_at] == 'L') _at++;
        return value;
    }

    bool Accept(char wanted)
    {
        SkipBlanks();
        if (_at >= _text.Length || _text[_at] != wanted) return false;
        _at++;
        return true;
    }

    void Expect(char wanted)
    {
        if (!Accept(wanted)) throw Wrong($"'{wanted}' was expected");
    }

    void SkipBlanks()
    {
        while (_at < _text.Length && char.IsWhiteSpace(_text[_at])) _at++;
    }

    ArrayFormatException Wrong(string what) => new(_source, $"bad .npy header: {what} at character {_at}.");
}
