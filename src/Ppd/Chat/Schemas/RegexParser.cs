using System.Globalization;
using System.Text;
using Ppd.Grammars;

namespace Ppd.Chat.Schemas;

/// <summary>
/// Reads a regular expression of JSON Schema (ECMA 262): characters, sets, groups, alternatives, counts, and anchors at the beginning and the end of alternatives. Everything that
/// looks around or back is refused.
/// </summary>
sealed class RegexParser
{
    const int Deepest = 50;

    static readonly CharSet Digits = CharSet.Of([('0', '9')]);
    static readonly CharSet Letters = CharSet.Of([('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')]);
    static readonly CharSet Spaces = CharSet.Of([('\t', '\r'), (' ', ' '), (0xA0, 0xA0), (0x1680, 0x1680),
        (0x2000, 0x200A), (0x2028, 0x2029), (0x202F, 0x202F), (0x205F, 0x205F), (0x3000, 0x3000), (0xFEFF, 0xFEFF)]);
    static readonly CharSet LineEnds = CharSet.Of([('\n', '\n'), ('\r', '\r'), (0x2028, 0x2029)]);

    readonly string _pattern;
    int _at, _depth;

    RegexParser(string pattern) => _pattern = pattern;

    /// <summary>The expression that whole texts must match.</summary>
    /// <exception cref="FormatException">It is not valid, or a grammar cannot say it; the message goes on from the pattern.</exception>
    internal static RegexNode Parse(string pattern)
    {
        var parser = new RegexParser(pattern);
        var node = parser.Alternatives(top: true);
        return parser._at == pattern.Length ? node : throw parser.Error("has a ) too many");
    }

    RegexNode Alternatives(bool top)
    {
        if (++_depth > Deepest) throw Error($"is nested more than {Deepest} deep");
        List<RegexNode> alternatives = [];
        do
        {
            if (alternatives.Count > 0) _at++;
            alternatives.Add(Sequence(top));
        }
        while (Peek == '|');
        _depth--;
        return alternatives.Count == 1 ? alternatives[0] : new RegexNode.Either(alternatives);
    }

    // At the top an end without anchor stands for any further text.
    RegexNode Sequence(bool top)
    {
        List<RegexNode> parts = [];
        var begins = top && Take('^');
        var ends = false;
        while (_at < _pattern.Length && Peek is not ('|' or ')'))
        {
            if (ends) throw Error("has a $ that is not at the end");
            if (top && Take('$')) ends = true;
            else parts.Add(Counted(Atom()));
        }
        var any = new RegexNode.Repeat(new RegexNode.Characters(CharSet.All), 0, null);
        // ^(a|b)$ and (^a$|^b$) mean the same
        if (top && !begins) parts.Insert(0, any);
        if (top && !ends) parts.Add(any);
        return parts.Count == 1 ? parts[0] : new RegexNode.Sequence(parts);
    }

    RegexNode Atom()
    {
        var c = _pattern[_at];
        switch (c)
        {
            case '(':
                _at++;
                if (Take('?') && !Take(':')) throw Error("looks ahead or back, names a group or sets options with (?, which a grammar cannot do");
                var group = Alternatives(top: false);
                return Take(')') ? group : throw Error("has a group that is not closed");
            case '[':
                return new RegexNode.Characters(Set());
            case '.':
                _at++;
                return new RegexNode.Characters(LineEnds.Complement());
            case '^' or '$':
                throw Error($"has a {c} inside; anchors can stand at the beginning and at the end only");
            case '*' or '+' or '?' or '{':
                throw Error($"has a {c} with nothing before it");
            case '\\':
                return new RegexNode.Characters(Escape(inSet: false));
            default:
                return new RegexNode.Characters(CharSet.One(Character()));
        }
    }

    RegexNode Counted(RegexNode atom)
    {
        while (Peek is '*' or '+' or '?' or '{')
        {
            var (least, most) = Count();
            Take('?');      // which match is preferred makes no difference to what matches
            atom = new RegexNode.Repeat(atom, least, most);
        }
        return atom;
    }

    (int Least, int? Most) Count()
    {
        switch (_pattern[_at++])
        {
            case '*': return (0, null);
            case '+': return (1, null);
            case '?': return (0, 1);
        }
        var least = Number();
        int? most = least;
        if (Take(',')) most = Peek == '}' ? null : Number();
        if (!Take('}')) throw Error("has a count that is not closed");
        return most < least ? throw Error($"counts from {least} to {most}") : (least, most);
    }

    int Number()
    {
        var start = _at;
        while (char.IsAsciiDigit(Peek)) _at++;
        if (!int.TryParse(_pattern.AsSpan(start, _at - start), CultureInfo.InvariantCulture, out var number)) throw Error("has a { without a number after it");
        return number <= RuleSet.MostCounted ? number : throw Error($"counts to {number}; a grammar can count to {RuleSet.MostCounted}");
    }

    CharSet Set()
    {
        _at++;
        var inverse = Take('^');
        List<(int First, int Last)> ranges = [];
        while (Peek != ']')
        {
            if (_at >= _pattern.Length) throw Error("has a set that is not closed");
            var first = Member();
            if (Peek != '-' || _at + 1 >= _pattern.Length || _pattern[_at + 1] == ']' || first.Count != 1)
            {
                ranges.AddRange(first.Ranges);
                continue;
            }
            _at++;
            var last = Member();
            if (last.Count != 1 || last.Ranges[0].First < first.Ranges[0].First) throw Error("has a range that does not go from a character to a later one");
            ranges.Add((first.Ranges[0].First, last.Ranges[0].First));
        }
        _at++;
        return inverse ? CharSet.Of(ranges).Complement() : CharSet.Of(ranges);
    }

    CharSet Member() => Peek == '\\' ? Escape(inSet: true) : CharSet.One(Character());

    CharSet Escape(bool inSet)
    {
        _at++;
        if (_at >= _pattern.Length) throw Error("ends with a backslash");
        var c = _pattern[_at++];
        switch (c)
        {
            case 'd': return Digits;
            case 'D': return Digits.Complement();
            case 'w': return Letters;
            case 'W': return Letters.Complement();
            case 's': return Spaces;
            case 'S': return Spaces.Complement();
            case 'n': return CharSet.One('\n');
            case 'r': return CharSet.One('\r');
            case 't': return CharSet.One('\t');
            case 'f': return CharSet.One('\f');
            case 'v': return CharSet.One('\v');
            case '0': return CharSet.One(0);
            case 'b' when inSet: return CharSet.One('\b');
            case 'x': return CharSet.One(Hex(2));
            case 'u': return CharSet.One(Hex(4));
        }
        return char.IsAsciiLetterOrDigit(c) ? throw Error($"has \\{c}, which a grammar cannot say") : CharSet.One(c);
    }

    int Hex(int digits)
    {
        if (_at + digits > _pattern.Length || !int.TryParse(_pattern.AsSpan(_at, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
            throw Error($"has an escape without {digits} hexadecimal digits");
        _at += digits;
        return value;
    }

    int Character()
    {
        if (Rune.DecodeFromUtf16(_pattern.AsSpan(_at), out var rune, out var length) != System.Buffers.OperationStatus.Done) throw Error("has half a surrogate pair");
        _at += length;
        return rune.Value;
    }

    char Peek => _at < _pattern.Length ? _pattern[_at] : '\0';

    bool Take(char c)
    {
        if (Peek != c) return false;
        _at++;
        return true;
    }

    FormatException Error(string what) => new($"{what} (character {_at + 1})");
}
