using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Ppd.Chat.Tools;

/// <summary>
/// Reads and writes values that look like JSON but are not: Python's literals, and the notation of Gemma with bare keys and strings between marker tokens.
/// </summary>
/// <param name="Quotes">What may stand around strings; the first is written.</param>
/// <param name="Escapes">Whether a backslash escapes inside of strings.</param>
/// <param name="BareKeys">Whether keys of objects stand without quotes.</param>
/// <param name="Constants">How true, false and null are written.</param>
/// <param name="Separator">Between the items of lists and objects; white space in it is optional when reading.</param>
/// <param name="Colon">Between the key and the value of an object; white space in it is optional when reading.</param>
sealed record LooseValues(string[] Quotes, bool Escapes, bool BareKeys, (string True, string False, string Null) Constants, string Separator, string Colon)
{
    const int DeepestNesting = 32;

    /// <summary>Python's literals.</summary>
    internal static LooseValues Python { get; } = new(["'", "\""], Escapes: true, BareKeys: false, ("True", "False", "None"), ", ", ": ");

    /// <summary>Gemma 4's notation with the given marker around strings.</summary>
    internal static LooseValues Gemma(string quote) => new([quote], Escapes: false, BareKeys: true, ("true", "false", "null"), ",", ":");

    internal bool Read(ref TextScanner scanner, out JsonNode? value, int depth = 0)
    {
        value = null;
        if (depth > DeepestNesting) return false;
        switch (scanner.Peek())
        {
            case '[':
                var list = new JsonArray();
                value = list;
                return Items(ref scanner, ']', (ref TextScanner s) =>
                {
                    if (!Read(ref s, out var item, depth + 1)) return false;
                    list.Add(item);
                    return true;
                });
            case '{':
                var map = new JsonObject();
                value = map;
                return Items(ref scanner, '}', (ref TextScanner s) => Pair(ref s, map, ':', depth + 1));
            default:
                return String(ref scanner, ref value) || Word(ref scanner, ref value);
        }
    }

    /// <summary>Reads a key, a separator and a value.</summary>
    internal bool Pair(ref TextScanner scanner, JsonObject map, char separator, int depth = 0)
    {
        JsonNode? key = null;
        if (!String(ref scanner, ref key) && !(Bare(ref scanner, out var word) && (key = word) != null)) return false;
        if (!scanner.Take(separator) || !Read(ref scanner, out var value, depth)) return false;
        map[key!.GetValue<string>()] = value;
        return true;
    }

    /// <summary>Reads what stands between two brackets, the first of which is next.</summary>
    internal static bool Items(ref TextScanner scanner, char close, ItemReader read)
    {
        scanner.Position++;
        if (scanner.Take(close)) return true;
        do
            if (!read(ref scanner)) return false;
        while (scanner.Take(','));
        return scanner.Take(close);
    }

    internal delegate bool ItemReader(ref TextScanner scanner);

    internal string Write(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => $"{{{string.Join(Separator, value.EnumerateObject().Select(p => (BareKeys ? p.Name : Quoted(p.Name)) + Colon + Write(p.Value)))}}}",
        JsonValueKind.Array => $"[{string.Join(Separator, value.EnumerateArray().Select(Write))}]",
        JsonValueKind.String => Quoted(value.GetString()!),
        JsonValueKind.True => Constants.True,
        JsonValueKind.False => Constants.False,
        JsonValueKind.Null => Constants.Null,
        _ => value.GetRawText(),
    };

    string Quoted(string text) => Quotes[0] + (Escapes ? text.Replace("\\", "\\\\").Replace(Quotes[0], "\\" + Quotes[0]).Replace("\n", "\\n").Replace("\r", "\\r") : text) + Quotes[0];

    bool String(ref TextScanner scanner, ref JsonNode? value)
    {
        foreach (var quote in Quotes)
        {
            if (!scanner.Literal(quote)) continue;
            var text = new StringBuilder();
            while (!scanner.Rest.StartsWith(quote))
            {
                if (scanner.Rest.IsEmpty || (scanner.Rest is ['\\'] && Escapes))
                {
                    scanner.Starve();
                    return false;
                }
                if (scanner.Rest[0] == '\\' && Escapes) Unescape(ref scanner, text);
                else text.Append(scanner.Rest[0]);
                scanner.Position++;
            }
            scanner.Position += quote.Length;
            value = JsonValue.Create(text.ToString());
            return true;
        }
        return false;
    }

    static void Unescape(ref TextScanner scanner, StringBuilder text)
    {
        scanner.Position++;
        var escaped = scanner.Rest[0];
        switch (escaped)
        {
            case 'n': text.Append('\n'); break;
            case 't': text.Append('\t'); break;
            case 'r': text.Append('\r'); break;
            case 'u' when scanner.Rest.Length > 4 && ushort.TryParse(scanner.Rest[1..5], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code):
                text.Append((char)code);
                scanner.Position += 4;
                break;
            case '\\' or '\'' or '"': text.Append(escaped); break;
            default: text.Append('\\').Append(escaped); break;      // Python keeps what it does not know
        }
    }

    bool Word(ref TextScanner scanner, ref JsonNode? value)
    {
        if (!Bare(ref scanner, out var word)) return false;
        if (word == Constants.Null || word == "null") return true;
        if (word == Constants.True || word == "true") value = JsonValue.Create(true);
        else if (word == Constants.False || word == "false") value = JsonValue.Create(false);
        else if (JsonText.TryParse(word, out var number) && number.ValueKind == JsonValueKind.Number) value = JsonValue.Create(number);
        return value != null;
    }

    static bool Bare(ref TextScanner scanner, out string word)
    {
        word = "";
        if (scanner.Peek() == 0) return false;
        var rest = scanner.Rest;
        var length = 0;
        while (length < rest.Length && (char.IsLetterOrDigit(rest[length]) || rest[length] is '_' or '-' or '+' or '.' or '$')) length++;
        if (length == rest.Length) scanner.Starve();
        if (length == 0 || length == rest.Length) return false;
        word = rest[..length].ToString();
        scanner.Position += length;
        return true;
    }
}
