using System.Text.Json;

namespace Ppd.Chat.Tools;

/// <summary>
/// A call that is one JSON object, as Hermes, Qwen, Llama 3, Mistral Nemo, Granite and Cohere write it: <c>{"name": "f", "arguments": {...}}</c>.
/// Read more leniently than written: keys in any order and under the usual other names, arguments also as a string of JSON.
/// </summary>
/// <param name="BeforeName">From the opening brace to the name.</param>
/// <param name="AfterName">From the name to the arguments.</param>
/// <param name="AfterArguments">From the arguments to the closing brace.</param>
/// <param name="NameKey">Key of the function's name; null where the name itself is the key of the arguments.</param>
/// <param name="ArgumentsKey">Key of the arguments.</param>
sealed record JsonObjectCall(string BeforeName, string AfterName, string AfterArguments, string? NameKey, string ArgumentsKey)
    : ToolCallSyntax(BeforeName, AfterName, AfterArguments)
{
    static readonly string[] NameKeys = ["name", "tool_name", "function"];
    static readonly string[] ArgumentKeys = ["arguments", "parameters"];
    static readonly string[] IdKeys = ["id", "call_id", "tool_call_id"];
    static readonly string[] OtherKeys = ["type"];

    internal override ScanResult Read(ref TextScanner scanner, out ParsedCall? call)
    {
        call = null;
        if (scanner.Peek() != '{' || !MayBeCall(ref scanner)) return scanner.Failure;
        if (!scanner.Json(out var value)) return scanner.Failure;
        call = FromObject(value);
        return call == null ? ScanResult.Mismatch : ScanResult.Match;
    }

    internal override string Write(JsonElement arguments) => Json(arguments);

    internal override string WriteName(string name) => JsonEncodedText.Encode(name, System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping).Value;

    // Looks at the first key, so that other JSON in a reply is not held back until it ends.
    bool MayBeCall(ref TextScanner scanner)
    {
        if (NameKey == null) return true;
        var inner = scanner.Rest[1..].TrimStart();
        if (inner.IsEmpty) return true;
        if (inner[0] != '"') return false;
        var end = inner[1..].IndexOf('"');
        var key = end < 0 ? inner[1..] : inner[1..(end + 1)];
        foreach (var known in (string[])[NameKey, ArgumentsKey, .. NameKeys, .. ArgumentKeys, .. IdKeys, .. OtherKeys])
            if (end < 0 ? known.AsSpan().StartsWith(key) : key.SequenceEqual(known)) return true;
        return false;
    }

    ParsedCall? FromObject(JsonElement value)
    {
        if (NameKey == null)
            return value.EnumerateObject().ToArray() is [var only] && Arguments(only.Value) is { } given ? ParsedCall.OfJson(only.Name, null, given) : null;
        // {"type": "function", "function": {"name": ...}}, the form of the OpenAI API
        var inner = value.TryGetProperty("function", out var function) && function.ValueKind == JsonValueKind.Object ? function : value;
        if (Text(inner, [NameKey, .. NameKeys]) is not { Length: > 0 } name) return null;
        var key = ((string[])[ArgumentsKey, .. ArgumentKeys]).FirstOrDefault(k => inner.TryGetProperty(k, out _));
        var arguments = key == null ? JsonElement.Parse("{}") : Arguments(inner.GetProperty(key));
        return arguments is { } found ? ParsedCall.OfJson(name, Text(value, IdKeys), found) : null;
    }

    static JsonElement? Arguments(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => value,
        JsonValueKind.Null => JsonElement.Parse("{}"),
        JsonValueKind.String when JsonText.TryParse(value.GetString()!, out var inner) && inner.ValueKind == JsonValueKind.Object => inner,
        _ => null,
    };

    static string? Text(JsonElement value, IEnumerable<string> keys) => keys
        .Select(key => value.TryGetProperty(key, out var text) && text.ValueKind == JsonValueKind.String ? text.GetString() : null)
        .FirstOrDefault(text => text != null);
}
