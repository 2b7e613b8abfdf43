using System.Globalization;
using System.Text;

namespace Ppd.Grammars;

/// <summary>A symbol of a rule that is being parsed: a set of characters, or a reference where there is none.</summary>
readonly record struct Symbol(CharSet? Set, int Rule);

/// <summary>A rule as it was parsed. A rule that was referred to but never defined has no alternatives.</summary>
sealed record ParsedRule(string Name, List<List<Symbol>> Alternatives);

/// <summary>
/// Reads GBNF as llama.cpp does: repetitions and groups become rules of their own, in the same way, so that limits on the one are limits on the other. What llama.cpp takes
/// but means otherwise than it says (an empty set, a count above its limit, a rule defined twice) is refused.
/// </summary>
sealed class GrammarParser(string text)
{
    const int MostRepetitions = 2000;   // MAX_REPETITION_THRESHOLD in llama-grammar.cpp
    const int DeepestGroup = 100;
    const int LongestText = 4_000_000;  // characters

    readonly List<ParsedRule> _rules = [];
    readonly Dictionary<string, int> _numbers = [];
    readonly Dictionary<string, CharSet> _sets = [];    // equal sets are one
    int _at, _depth;

    internal List<ParsedRule> Parse()
    {
        if (text.Length > LongestText) throw new PpdGrammarException($"The grammar has {text.Length:N0} characters; allowed are {LongestText:N0}. Leave parts out, or allow more freedom.");
        SkipSpace(lines: true);
        while (_at < text.Length) ParseRule();
        return _rules;
    }

    void ParseRule()
    {
        var name = Name();
        SkipSpace(lines: false);
        if (string.CompareOrdinal(text, _at, "::=", 0, 3) != 0) throw Error($"after the rule name '{name}' comes {Found()}; expected is ::=");
        _at += 3;
        SkipSpace(lines: true);
        var rule = Number(name);
        if (_rules[rule].Alternatives.Count > 0) throw Error($"the rule '{name}' is defined twice");
        Alternatives(rule, nested: false);
        if (_at < text.Length && text[_at] is not ('\r' or '\n')) throw Error($"inside the rule '{name}' there is {Found()}; expected is a name, a literal, a set, a group, | or the end of the line");
        SkipSpace(lines: true);
    }

    void Alternatives(int rule, bool nested)
    {
        var alternatives = new List<List<Symbol>> { Sequence(_rules[rule].Name, nested) };
        while (_at < text.Length && text[_at] == '|')
        {
            _at++;
            SkipSpace(lines: true);
            alternatives.Add(Sequence(_rules[rule].Name, nested));
        }
        _rules[rule].Alternatives.AddRange(alternatives);
    }

    List<Symbol> Sequence(string name, bool nested)
    {
        List<Symbol> symbols = [];
        var (last, rules) = (0, 1L);    // where the item begins that a repetition would repeat, and how many rules it is made of
        while (_at < text.Length)
        {
            var c = text[_at];
            if (c is '*' or '+' or '?' or '{')
            {
                var (least, most) = Bounds();
                rules = Repeat(symbols, last, least, most, name, rules);
                SkipSpace(nested);
                continue;
            }
            var start = symbols.Count;
            var known = _rules.Count;
            if (c == '"') Literal(symbols);
            else if (c == '[') symbols.Add(new Symbol(Set(), 0));
            else if (c == '.') symbols.Add(new Symbol(AnyChar(), 0));
            else if (c == '(') symbols.Add(new Symbol(null, Group(name)));
            else if (IsWord(c)) symbols.Add(new Symbol(null, Number(Name())));
            else if (c is '<' or '!') throw Error("elements of tokens, as <[5]>, are not supported; write the text of the token as a literal");
            else break;
            (last, rules) = (start, c == '(' ? Math.Max(1, _rules.Count - known) : 1);
            SkipSpace(nested);
        }
        return symbols;
    }

    int Group(string name)
    {
        if (++_depth > DeepestGroup) throw Error($"groups are nested more than {DeepestGroup} deep; give inner ones rules of their own");
        _at++;
        SkipSpace(lines: true);
        var group = Generate(name);
        Alternatives(group, nested: true);
        if (_at >= text.Length || text[_at] != ')') throw Error($"a group is not closed; there is {Found()}, expected is )");
        _at++;
        _depth--;
        return group;
    }

    (int Least, int? Most) Bounds()
    {
        switch (text[_at++])
        {
            case '*': return (0, null);
            case '+': return (1, null);
            case '?': return (0, 1);
        }
        SkipSpace(lines: false);
        var least = Count();
        int? most = least;
        if (_at < text.Length && text[_at] == ',')
        {
            _at++;
            SkipSpace(lines: false);
            most = _at < text.Length && char.IsAsciiDigit(text[_at]) ? Count() : null;
        }
        if (_at >= text.Length || text[_at] != '}') throw Error($"a repetition is not closed; there is {Found()}, expected is }}");
        _at++;
        if (most < least) throw Error($"a repetition allows {least} to {most} times; the first number must not be larger");
        return (least, most);
    }

    int Count()
    {
        var start = _at;
        while (_at < text.Length && char.IsAsciiDigit(text[_at])) _at++;
        if (start == _at) throw Error($"in a repetition there is {Found()}; expected is a number");
        if (!int.TryParse(text.AsSpan(start, _at - start), CultureInfo.InvariantCulture, out var count) || count > MostRepetitions)
            throw Error($"a repetition counts to {text.AsSpan(start, _at - start)}; llama.cpp counts to {MostRepetitions}");
        SkipSpace(lines: false);
        return count;
    }

    // S{m,n} is S m times and then S' with S' = S S'' | nothing, and so on; S* is S' = S S' | nothing. Returns the rules that the repeated item is made of.
    long Repeat(List<Symbol> symbols, int start, int least, int? most, string name, long rules)
    {
        if (start == symbols.Count) throw Error("a repetition has nothing before it that it could repeat");
        rules *= most > 0 ? most.Value : Math.Max(least, 1);
        if (rules > MostRepetitions) throw Error($"a repetition makes {rules} rules, and llama.cpp allows {MostRepetitions}; give what is repeated a rule of its own, or repeat less");
        var item = symbols.GetRange(start, symbols.Count - start);
        if (least == 0) symbols.RemoveRange(start, item.Count);
        for (var i = 1; i < least; i++) symbols.AddRange(item);
        int? tail = null;
        for (var i = 0; i < (most - least ?? 1); i++)
        {
            var rule = Generate(name);
            _rules[rule].Alternatives.Add(most == null ? [.. item, new Symbol(null, rule)] : tail is { } next ? [.. item, new Symbol(null, next)] : item);
            _rules[rule].Alternatives.Add([]);
            tail = rule;
        }
        if (tail is { } first) symbols.Add(new Symbol(null, first));
        return rules;
    }

    void Literal(List<Symbol> symbols)
    {
        _at++;
        while (true)
        {
            if (_at >= text.Length) throw Error("a literal is not closed; a \" is missing");
            if (text[_at] == '"') break;
            var c = Char();
            symbols.Add(new Symbol(Shared(c.ToString(CultureInfo.InvariantCulture), () => CharSet.One(c)), 0));
        }
        _at++;
    }

    CharSet Set()
    {
        var start = _at++;
        var inverse = _at < text.Length && text[_at] == '^';
        if (inverse) _at++;
        List<(int, int)> ranges = [];
        while (true)
        {
            if (_at >= text.Length) throw Error("a set is not closed; a ] is missing");
            if (text[_at] == ']') break;
            var first = Char();
            var last = first;
            if (_at + 1 < text.Length && text[_at] == '-' && text[_at + 1] != ']')
            {
                _at++;
                last = Char();
            }
            if (last < first) throw Error($"a range goes from U+{first:X4} down to U+{last:X4}");
            ranges.Add((first, last));
        }
        _at++;
        if (ranges.Count == 0) throw Error("a set is empty; llama.cpp takes that for no character at all. For any character write .");
        return Shared(text[start.._at], () => inverse ? CharSet.Of(ranges).Complement() : CharSet.Of(ranges));
    }

    CharSet AnyChar()
    {
        _at++;
        return CharSet.All;
    }

    CharSet Shared(string key, Func<CharSet> make) => _sets.TryGetValue(key, out var set) ? set : _sets[key] = make();

    int Char()
    {
        if (text[_at] != '\\')
        {
            if (Rune.DecodeFromUtf16(text.AsSpan(_at), out var rune, out var length) != System.Buffers.OperationStatus.Done) throw Error("there is half a surrogate pair");
            _at += length;
            return rune.Value == 0 ? throw Error("there is a zero character; llama.cpp takes it for the end") : rune.Value;
        }
        var escape = _at + 1 < text.Length ? text[_at + 1] : '\0';
        _at += 2;
        switch (escape)
        {
            case 'x': return Hex(2);
            case 'u': return Hex(4);
            case 'U': return Hex(8);
            case 't': return '\t';
            case 'r': return '\r';
            case 'n': return '\n';
            case '\\' or '"' or '[' or ']' or '-': return escape;
        }
        _at -= 2;
        throw Error($"\\{(escape == 0 ? "" : escape)} is no escape; allowed are \\x, \\u, \\U, \\t, \\r, \\n, \\\\, \\\", \\[, \\] and \\-");
    }

    int Hex(int digits)
    {
        if (_at + digits > text.Length || !int.TryParse(text.AsSpan(_at, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value) || value is <= 0 or > CharSet.Last)
            throw Error($"an escape needs {digits} hexadecimal digits that name a character from U+0001 to U+10FFFF");
        _at += digits;
        return value;
    }

    string Name()
    {
        var start = _at;
        while (_at < text.Length && IsWord(text[_at])) _at++;
        return _at > start ? text[start.._at] : throw Error($"there is {Found()}; expected is the name of a rule");
    }

    // llama.cpp knows ASCII letters, digits and the hyphen
    static bool IsWord(char c) => char.IsAsciiLetterOrDigit(c) || c == '-';

    int Number(string name)
    {
        if (_numbers.TryGetValue(name, out var number)) return number;
        _rules.Add(new ParsedRule(name, []));
        return _numbers[name] = _rules.Count - 1;
    }

    // no text can refer to a name with an underscore
    int Generate(string name)
    {
        _rules.Add(new ParsedRule(name, []));
        _numbers[$"{name}_{_rules.Count - 1}"] = _rules.Count - 1;
        return _rules.Count - 1;
    }

    void SkipSpace(bool lines)
    {
        for (; _at < text.Length; _at++)
        {
            var c = text[_at];
            if (c == '#')
            {
                while (_at + 1 < text.Length && text[_at + 1] is not ('\r' or '\n')) _at++;
                continue;
            }
            if (c is not (' ' or '\t') && !(lines && c is '\r' or '\n')) return;
        }
    }

    string Found() => _at >= text.Length ? "the end" : text[_at] is '\r' or '\n' ? "the end of the line" : $"'{text[_at]}'";

    PpdGrammarException Error(string what)
    {
        var before = text.AsSpan(0, Math.Min(_at, text.Length));
        return new PpdGrammarException($"The grammar cannot be used: in line {before.Count('\n') + 1}, column {before.Length - before.LastIndexOf('\n')}, {what}.");
    }
}
