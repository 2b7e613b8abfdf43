using System.Globalization;
using System.Numerics;

namespace Ppd.Templates.Syntax;

/// <summary>Reads the inside of one tag: names, literals and symbols up to the closing delimiter.</summary>
sealed class TagLexer(string source, List<Token> tokens)
{
    static readonly string[] Symbols =
        ["//", "**", "==", "!=", ">=", "<=", "+", "-", "/", "*", "%", "~", "[", "]", "(", ")", "{", "}", ">", "<", "=", ".", ":", "|", ","];

    readonly Stack<char> _brackets = new();
    int _position;
    int _line;

    /// <summary>Reads from just after the opening delimiter and returns the position and line after the closing one.</summary>
    public (int Position, int Line) Read(int position, int line, bool isBlock)
    {
        (_position, _line) = (position, line);
        _brackets.Clear();
        var opened = line;
        tokens.Add(new Token(isBlock ? TokenKind.BlockBegin : TokenKind.OutputBegin, isBlock ? "{%" : "{{", line));
        while (true)
        {
            MoveTo(Whitespace.Skip(source, _position));
            if (_position >= source.Length)
                throw new TemplateSyntaxException($"the tag is never closed; '{(isBlock ? "%}" : "}}")}' is missing", opened);
            // Inside brackets "}}" closes two dicts, not the tag.
            if (_brackets.Count == 0 && TryEnd(isBlock))
                return (_position, _line);
            ReadToken();
        }
    }

    bool TryEnd(bool isBlock)
    {
        var sign = source[_position] is '-' or '+' ? source[_position] : '\0';
        if (sign == '+' && !isBlock)
            return false;
        var close = sign == '\0' ? _position : _position + 1;
        if (string.CompareOrdinal(source, close, isBlock ? "%}" : "}}", 0, 2) != 0)
            return false;
        tokens.Add(new Token(isBlock ? TokenKind.BlockEnd : TokenKind.OutputEnd, "", _line));
        MoveTo(isBlock || sign == '-' ? Whitespace.AfterTag(source, close + 2, sign) : close + 2);
        return true;
    }

    void ReadToken()
    {
        var c = source[_position];
        if (c is '"' or '\'')
            ReadString(c);
        else if (char.IsAsciiDigit(c))
            ReadNumber();
        else if (IsNamePart(c))
            ReadName();
        else
            ReadSymbol();
    }

    static bool IsNamePart(char c) => c == '_' || char.IsLetterOrDigit(c);

    void ReadName()
    {
        var end = _position;
        while (end < source.Length && IsNamePart(source[end]))
            end++;
        Add(TokenKind.Name, source[_position..end], end);
    }

    void ReadString(char quote)
    {
        var end = _position + 1;
        while (end < source.Length && source[end] != quote)
            end += source[end] == '\\' ? 2 : 1;
        if (end >= source.Length)
            throw new TemplateSyntaxException($"the string is never closed; {quote} is missing", _line);
        Add(TokenKind.String, StringLiteral.Unescape(source[(_position + 1)..end], _line), end + 1);
    }

    void ReadNumber()
    {
        if (source[_position] == '0' && _position + 1 < source.Length && RadixOf(source[_position + 1]) is var radix && radix > 0)
        {
            ReadRadix(radix);
            return;
        }
        var end = Digits(_position);
        var isFloat = false;
        // After a dot a number is an index, as in "a.0.1".
        if (_position == 0 || source[_position - 1] != '.')
        {
            if (end + 1 < source.Length && source[end] == '.' && char.IsAsciiDigit(source[end + 1]))
                (end, isFloat) = (Digits(end + 1), true);
            var exponent = end;
            if (exponent < source.Length && source[exponent] is 'e' or 'E')
            {
                exponent++;
                if (exponent < source.Length && source[exponent] is '+' or '-')
                    exponent++;
                if (exponent < source.Length && char.IsAsciiDigit(source[exponent]))
                    (end, isFloat) = (Digits(exponent), true);
            }
        }
        var text = source[_position..end].Replace("_", "");
        object value = isFloat ? double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture) : Integer(text);
        Add(TokenKind.Number, text, end, value);
    }

    object Integer(string text)
    {
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value))
            return value;
        if (text.Length > Values.Numbers.MaxBits / 4)
            throw new TemplateSyntaxException($"an integer of {text.Length} digits is not allowed", _line);
        return BigInteger.Parse(text, CultureInfo.InvariantCulture);
    }

    static int RadixOf(char prefix) => char.ToLowerInvariant(prefix) switch { 'x' => 16, 'o' => 8, 'b' => 2, _ => 0 };

    void ReadRadix(int radix)
    {
        var end = _position + 2;
        var value = 0L;
        for (; end < source.Length && (source[end] == '_' || char.IsAsciiHexDigit(source[end])); end++)
        {
            if (source[end] == '_')
                continue;
            var digit = Convert.ToInt32(source[end].ToString(), 16);
            if (digit >= radix || value > (long.MaxValue - digit) / radix)
                throw new TemplateSyntaxException($"'{source[_position..(end + 1)]}' is not a number of base {radix} within 64 bits", _line);
            value = (value * radix) + digit;
        }
        Add(TokenKind.Number, source[_position..end], end, value);
    }

    int Digits(int position)
    {
        while (position < source.Length
            && (char.IsAsciiDigit(source[position])
                || (source[position] == '_' && position + 1 < source.Length && char.IsAsciiDigit(source[position + 1]))))
            position++;
        return position;
    }

    void ReadSymbol()
    {
        var symbol = Array.Find(Symbols, s => string.CompareOrdinal(source, _position, s, 0, s.Length) == 0)
            ?? throw new TemplateSyntaxException($"unexpected character '{source[_position]}'", _line);
        switch (symbol)
        {
            case "(":
                _brackets.Push(')');
                break;
            case "[":
                _brackets.Push(']');
                break;
            case "{":
                _brackets.Push('}');
                break;
            case ")" or "]" or "}":
                if (_brackets.Count == 0)
                    throw new TemplateSyntaxException($"unexpected '{symbol}'", _line);
                var expected = _brackets.Pop();
                if (expected != symbol[0])
                    throw new TemplateSyntaxException($"unexpected '{symbol}', expected '{expected}'", _line);
                break;
        }
        Add(TokenKind.Symbol, symbol, _position + symbol.Length);
    }

    void Add(TokenKind kind, string text, int end, object? number = null)
    {
        tokens.Add(new Token(kind, text, _line, number));
        MoveTo(end);
    }

    void MoveTo(int position)
    {
        _line += source.AsSpan(_position, position - _position).Count('\n');
        _position = position;
    }
}
