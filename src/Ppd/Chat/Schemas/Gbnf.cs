using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ppd.Grammars;

namespace Ppd.Chat.Schemas;

/// <summary>Pieces of GBNF text, and JSON as it is written everywhere here: <c>{"a": 1, "b": [1, 2]}</c>.</summary>
static class Gbnf
{
    /// <summary>A text as a literal.</summary>
    internal static string Literal(string text)
    {
        var gbnf = new StringBuilder("\"");
        foreach (var rune in text.EnumerateRunes()) gbnf.Append(rune.Value is '"' or '\\' ? $"\\{(char)rune.Value}" : Character(rune.Value));
        return gbnf.Append('"').ToString();
    }

    /// <summary>A set of characters.</summary>
    internal static string Set(CharSet set)
    {
        var gbnf = new StringBuilder("[");
        foreach (var (first, last) in set.Ranges)
        {
            gbnf.Append(InSet(first));
            if (last > first) gbnf.Append(last > first + 1 ? "-" : "").Append(InSet(last));
        }
        return gbnf.Append(']').ToString();
    }

    /// <summary>Alternatives as one item; equal ones once.</summary>
    internal static string Either(IEnumerable<string> alternatives)
    {
        string[] distinct = [.. alternatives.Distinct()];
        return distinct.Length == 1 ? distinct[0] : $"({string.Join(" | ", distinct)})";
    }

    /// <summary>A value as JSON.</summary>
    internal static string Json(JsonNode? value) => value switch
    {
        null => "null",
        JsonObject members => $"{{{string.Join(", ", members.Select(member => $"{Json(member.Key)}: {Json(member.Value)}"))}}}",
        JsonArray elements => $"[{string.Join(", ", elements.Select(Json))}]",
        _ when value.GetValueKind() == JsonValueKind.String => Json(value.GetValue<string>()),
        _ => value.ToJsonString(),
    };

    /// <summary>A text as a JSON string, escaped only where it must be, as models write it.</summary>
    internal static string Json(string text)
    {
        var json = new StringBuilder("\"");
        foreach (var c in text)
        {
            json.Append(c switch
            {
                '"' or '\\' => $"\\{c}",
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                '\b' => "\\b",
                '\f' => "\\f",
                < ' ' => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => c.ToString(),
            });
        }
        return json.Append('"').ToString();
    }

    static string InSet(int codePoint) => codePoint is '\\' or ']' or '[' or '-' or '"' ? $"\\{(char)codePoint}" : codePoint == '^' ? "\\x5E" : Character(codePoint);

    static string Character(int codePoint) => codePoint switch
    {
        '\n' => "\\n",
        '\r' => "\\r",
        '\t' => "\\t",
        >= ' ' and <= '~' => ((char)codePoint).ToString(),
        <= 0xFFFF => string.Create(CultureInfo.InvariantCulture, $"\\u{codePoint:X4}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"\\U{codePoint:X8}"),
    };
}
