namespace Ppd.Templates.Syntax;

/// <summary>
/// Cuts a template into text, tags and comments with Jinja2's whitespace rules for <c>trim_blocks</c> and <c>lstrip_blocks</c>: the first
/// newline after a block or comment goes, and so does the indentation before one; a minus strips all whitespace on its side, a plus keeps it.
/// </summary>
sealed class Lexer
{
    readonly string _source;
    readonly List<Token> _tokens = [];
    readonly TagLexer _tags;
    int _position;
    int _line = 1;

    // Whether the last piece consumed ended a line, so that what follows is that line's indentation.
    bool _atLineStart = true;

    Lexer(string source)
    {
        _source = source;
        _tags = new TagLexer(source, _tokens);
    }

    public static List<Token> Tokenize(string source)
    {
        var normalised = source.Replace("\r\n", "\n").Replace('\r', '\n');
        // Jinja2 drops one newline at the very end.
        var lexer = new Lexer(normalised.EndsWith('\n') ? normalised[..^1] : normalised);
        lexer.Run();
        return lexer._tokens;
    }

    void Run()
    {
        while (_position < _source.Length)
        {
            var begin = FindTag(_position);
            if (begin < 0)
            {
                AddText(_source[_position..]);
                Advance(_source.Length);
                break;
            }
            Tag(begin);
        }
        _tokens.Add(new Token(TokenKind.End, "", _line));
    }

    int FindTag(int from)
    {
        for (var i = _source.IndexOf('{', from); i >= 0 && i + 1 < _source.Length; i = _source.IndexOf('{', i + 1))
        {
            if (_source[i + 1] is '%' or '{' or '#')
                return i;
        }
        return -1;
    }

    void Tag(int begin)
    {
        var kind = _source[begin + 1];
        var sign = begin + 2 < _source.Length && _source[begin + 2] is '-' or '+' ? _source[begin + 2] : '\0';
        AddText(TextBefore(begin, kind, sign));
        Advance(begin + (sign == '\0' ? 2 : 3));
        _atLineStart = false;
        switch (kind)
        {
            case '#':
                Comment();
                break;
            case '%' when RawBegin(_position) is var bodyStart && bodyStart >= 0:
                Raw(bodyStart);
                break;
            default:
                (_position, _line) = _tags.Read(_position, _line, isBlock: kind == '%');
                _atLineStart = _source[_position - 1] == '\n';
                break;
        }
    }

    string TextBefore(int begin, char kind, char sign)
    {
        var text = _source[_position..begin];
        if (sign == '-')
            return Whitespace.TrimEnd(text);
        if (sign == '+' || kind == '{')
            return text;
        var lineStart = text.LastIndexOf('\n') + 1;
        return (lineStart > 0 || _atLineStart) && Whitespace.IsBlank(text.AsSpan(lineStart)) ? text[..lineStart] : text;
    }

    void Comment()
    {
        var close = _source.IndexOf("#}", _position, StringComparison.Ordinal);
        if (close < 0)
            throw new TemplateSyntaxException("the comment is never closed; '#}' is missing", _line);
        var sign = close > _position ? _source[close - 1] : '\0';
        Advance(AfterTag(close + 2, sign));
    }

    // The position after "raw %}" when the tag is one, else -1.
    int RawBegin(int position)
    {
        position = Whitespace.Skip(_source, position);
        if (string.CompareOrdinal(_source, position, "raw", 0, 3) != 0)
            return -1;
        position = Whitespace.Skip(_source, position + 3);
        if (string.CompareOrdinal(_source, position, "-%}", 0, 3) == 0)
            return Whitespace.Skip(_source, position + 3);
        return string.CompareOrdinal(_source, position, "%}", 0, 2) == 0 ? position + 2 : -1;
    }

    void Raw(int bodyStart)
    {
        Advance(bodyStart);
        for (var begin = FindTag(_position); begin >= 0; begin = FindTag(begin + 1))
        {
            if (_source[begin + 1] != '%')
                continue;
            var sign = begin + 2 < _source.Length ? _source[begin + 2] : '\0';
            var name = Whitespace.Skip(_source, begin + (sign is '-' or '+' ? 3 : 2));
            if (string.CompareOrdinal(_source, name, "endraw", 0, 6) != 0)
                continue;
            var close = Whitespace.Skip(_source, name + 6);
            var closeSign = close < _source.Length && _source[close] is '-' or '+' ? _source[close++] : '\0';
            if (string.CompareOrdinal(_source, close, "%}", 0, 2) != 0)
                continue;
            AddText(TextBefore(begin, '%', sign));
            Advance(AfterTag(close + 2, closeSign));
            return;
        }
        throw new TemplateSyntaxException("the raw block is never closed; '{% endraw %}' is missing", _line);
    }

    int AfterTag(int position, char sign) => Whitespace.AfterTag(_source, position, sign);

    void AddText(string text)
    {
        if (text.Length > 0)
            _tokens.Add(new Token(TokenKind.Text, text, _line));
    }

    void Advance(int position)
    {
        _line += _source.AsSpan(_position, position - _position).Count('\n');
        _atLineStart = position > _position && _source[position - 1] == '\n';
        _position = position;
    }
}
