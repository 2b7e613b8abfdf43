using System.Text.Json;
using System.Text.Json.Nodes;
using Ppd.Chat.Tools;
using Ppd.Grammars;

namespace Ppd.Chat.Schemas;

/// <summary>How values are written: as JSON, or as something like it that a model writes the arguments of calls in.</summary>
sealed record Notation
{
    static readonly CharSet Visible = CharSet.Of([(' ', 0xD7FF), (0xE000, CharSet.Last)]);

    /// <summary>JSON in one line: <c>{"a": 1, "b": [1, 2]}</c>.</summary>
    internal static Notation Json { get; } = new() { IsJson = true, Quotes = [("\"", "\"")], Spell = value => [Gbnf.Json(value)] };

    /// <summary>Python's literals: <c>{'a': 1, 'b': [True, None]}</c>, with either kind of quotes.</summary>
    internal static Notation Python { get; } = new()
    {
        Quotes = [("'", "'"), ("\"", "\"")],
        Constants = ("True", "False", "None"),
        Spell = value => new[] { LooseValues.Python, LooseValues.Python with { Quotes = ["\"", "'"] } }.Select(python => python.Write(Element(value))).Distinct(),
    };

    /// <summary>Gemma 4's: <c>{a:1,b:[1,2]}</c>, texts between two markers.</summary>
    internal static Notation Gemma(string quote) => new()
    {
        Quotes = [(quote, quote)],
        HasEscapes = false,
        HasBareKeys = true,
        Comma = ",",
        Colon = ":",
        Spell = value => [LooseValues.Gemma(quote).Write(Element(value))],
    };

    /// <summary>Texts as they are, up to a marker; everything else is JSON.</summary>
    internal static Notation Raw(string close) => new()
    {
        Quotes = [("", close)],
        HasEscapes = false,
        Spell = value => [(value?.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : Gbnf.Json(value)) + close],
    };

    /// <summary>What may stand around a text.</summary>
    internal required IReadOnlyList<(string Open, string Close)> Quotes { get; init; }

    /// <summary>Whether characters are escaped with a backslash.</summary>
    internal bool HasEscapes { get; private init; } = true;

    /// <summary>Whether names of members stand without quotes.</summary>
    internal bool HasBareKeys { get; private init; }

    internal (string True, string False, string Null) Constants { get; private init; } = ("true", "false", "null");

    /// <summary>Between members and between elements.</summary>
    internal string Comma { get; private init; } = ", ";

    /// <summary>Between a name and its value.</summary>
    internal string Colon { get; private init; } = ": ";

    /// <summary>The ways to write one value.</summary>
    internal required Func<JsonNode?, IEnumerable<string>> Spell { get; init; }

    /// <summary>Whether this is JSON, escapes and all.</summary>
    internal bool IsJson { get; private init; }

    /// <summary>Characters that stand for themselves within a text whose closing quote is the first of <see cref="Quotes"/>.</summary>
    internal CharSet Plain => HasEscapes
        ? Visible.Except(CharSet.Of([('\\', '\\'), (Quotes[0].Close[0], Quotes[0].Close[0])]))
        : CharSet.Of([.. Visible.Ranges, ('\t', '\n'), ('\r', '\r')]).Except(CharSet.One(char.ConvertToUtf32(Quotes[0].Close.TrimStart(), 0)));

    /// <summary>The name of a member, up to its value.</summary>
    internal string Key(string name) => (HasBareKeys && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_') ? name : Spell(JsonValue.Create(name)).First()) + Colon;

    /// <summary>A text whose characters are written by <paramref name="body"/>, for each kind of quotes.</summary>
    internal string Text(RuleSet rules, string hint, Func<RuleSet, string> body) => rules.Add(hint, string.Join(" | ", Quotes.Select(quote =>
        $"{Gbnf.Literal(quote.Open)} {body(rules.In(this with { Quotes = [quote] }))} {Gbnf.Literal(quote.Close)}")));

    /// <summary>Any text.</summary>
    internal string AnyText(RuleSet rules) => HasEscapes
        ? Text(rules, "string", inner => $"{JsonChars.Any(inner)}*")
        : rules.Add("text", $"{Gbnf.Literal(Quotes[0].Open)} {Until(rules, Quotes[0].Close)}");

    // white space before the marker is part of what may come before it
    static string Until(RuleSet rules, string close) =>
        $"{rules.Once($"until {close}", () => new FreeText(rules, [(close.Trim(), "\"\"")], mayEnd: false, silent: false).Start)} {Gbnf.Literal(close[close.TrimEnd().Length..])}";

    static JsonElement Element(JsonNode? value) => JsonSerializer.SerializeToElement(value);
}
