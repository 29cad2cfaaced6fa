using System.Globalization;
using System.Text;

namespace Preimage.Layers.Import.Caffe;

/// <summary>What a piece of protobuf text is.</summary>
internal enum PrototxtToken : byte
{
    /// <summary>The end of the text.</summary>
    End,

    /// <summary>A word: the name of a field or of a number, true, inf.</summary>
    Word,

    /// <summary>A number.</summary>
    Number,

    /// <summary>A text in quotes; neighbours are joined.</summary>
    Text,

    /// <summary>One of the signs { } [ ] &lt; &gt; : ; ,</summary>
    Sign,
}

/// <summary>Cuts protobuf text into words, numbers, texts and signs; comments run from # to the end of a line.</summary>
internal sealed class PrototxtLexer
{
    readonly string _text;
    int _at, _line = 1;

    public PrototxtLexer(string text)
    {
        _text = text;
        Next();
    }

    /// <summary>What the current piece is.</summary>
    public PrototxtToken Token { get; private set; }

    /// <summary>The current word, contents of the text, or sign.</summary>
    public string Value { get; private set; } = "";

    /// <summary>The current number.</summary>
    public double Number { get; private set; }

    /// <summary>The line of the current piece.</summary>
    public int Line { get; private set; }

    /// <summary>Whether the current piece is a sign.</summary>
    public bool Is(char sign) => Token == PrototxtToken.Sign && Value[0] == sign;

    /// <summary>Steps over a sign where it is the current piece.</summary>
    public bool Take(char sign)
    {
        bool found = Is(sign);
        if (found)
            Next();
        return found;
    }

    /// <summary>Goes to the next piece.</summary>
    public void Next()
    {
        SkipSpace();
        Line = _line;
        if (_at == _text.Length)
        {
            (Token, Value) = (PrototxtToken.End, "the end of the text");
            return;
        }

        char c = _text[_at];
        if (char.IsAsciiLetter(c) || c == '_')
            (Token, Value) = (PrototxtToken.Word, Run(static c => char.IsAsciiLetterOrDigit(c) || c == '_'));
        else if (char.IsAsciiDigit(c) || c is '-' or '+' or '.')
            ReadNumber();
        else if (c is '"' or '\'')
            ReadTexts();
        else if ("{}[]<>:;,".Contains(c, StringComparison.Ordinal))
            (Token, Value, _at) = (PrototxtToken.Sign, c.ToString(), _at + 1);
        else
            throw Error($"the sign '{c}' means nothing here");
    }

    /// <summary>An error at the current piece.</summary>
    public ModelException Error(string what) => new($"line {Line} of the network's structure: {what}");

    void SkipSpace()
    {
        for (; _at < _text.Length; _at++)
        {
            if (_text[_at] == '#')
                _at = _text.IndexOf('\n', _at) is var end and >= 0 ? end : _text.Length - 1;
            else if (!char.IsWhiteSpace(_text[_at]))
                return;
            if (_text[_at] == '\n')
                _line++;
        }
    }

    string Run(Func<char, bool> belongs)
    {
        int start = _at;
        while (_at < _text.Length && belongs(_text[_at]))
            _at++;
        return _text[start.._at];
    }

    void ReadNumber()
    {
        int start = _at++;
        char last = _text[start];
        while (_at < _text.Length && (char.IsAsciiLetterOrDigit(_text[_at]) || _text[_at] == '.' || (_text[_at] is '-' or '+' && last is 'e' or 'E')))
            last = _text[_at++];
        Value = _text[start.._at];
        Number = Parse(Value) ?? throw Error($"'{Value}' is no number");
        Token = PrototxtToken.Number;
    }

    static double? Parse(string text)
    {
        bool negative = text[0] == '-';
        string digits = negative ? text[1..] : text;
        if (digits.StartsWith("0x", StringComparison.OrdinalIgnoreCase))
            return ulong.TryParse(digits.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong hex) ? negative ? -(double)hex : hex : null;
        double magnitude = digits switch
        {
            "inf" or "infinity" => double.PositiveInfinity,
            "nan" => double.NaN,
            _ when double.TryParse(digits.TrimEnd('f', 'F'), NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out double value) => value,
            _ => -1,
        };
        return magnitude < 0 ? null : negative ? -magnitude : magnitude;
    }

    void ReadTexts()
    {
        var joined = new StringBuilder();
        while (_at < _text.Length && _text[_at] is '"' or '\'')
        {
            ReadText(joined);
            SkipSpace();
        }

        (Token, Value) = (PrototxtToken.Text, joined.ToString());
    }

    void ReadText(StringBuilder joined)
    {
        char quote = _text[_at++];
        for (; ; _at++)
        {
            if (_at == _text.Length || _text[_at] == '\n')
                throw Error("a text has no end");
            if (_text[_at] == quote)
                break;
            // Names and types have no other escapes than a quote or a backslash; file names, which are not used, may.
            if (_text[_at] == '\\' && _at + 1 < _text.Length)
                _at++;
            joined.Append(_text[_at]);
        }

        _at++;
    }
}
