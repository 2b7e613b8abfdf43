using System.Text.Json;
using System.Text.Json.Nodes;

namespace Ppd.Chat.Tools;

/// <summary>Gives an argument the type its schema asks for, where what the model wrote can be read that way. What cannot stays as it is.</summary>
static class ArgumentTyping
{
    static readonly string[] Alternatives = ["anyOf", "oneOf", "allOf"];

    internal static JsonElement Apply(ParsedArgument argument, JsonElement schema)
    {
        var types = Types(schema);
        var isText = argument.Value.ValueKind == JsonValueKind.String;
        if (!isText) return types.SetEquals(["string"]) && argument.Value.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array or JsonValueKind.Null)
            ? JsonSerializer.SerializeToElement(argument.Value.GetRawText())
            : argument.Value;
        var text = argument.Value.GetString()!;
        if (types.Contains("string") && !(argument.IsRaw && text == "null" && types.Contains("null"))) return argument.Value;
        if (types.Count == 0 && !argument.IsRaw) return argument.Value;
        var json = text is "True" or "False" or "None" ? text switch { "True" => "true", "False" => "false", _ => "null" } : text;
        return (JsonText.TryParse(json, out var value) || TryParsePython(text, out value)) && (types.Count == 0 || types.Contains(TypeOf(value)) || (TypeOf(value) == "integer" && types.Contains("number")))
            ? value
            : argument.Value;
    }

    // Some templates print lists and objects as Python does, and their models do likewise.
    static bool TryParsePython(string text, out JsonElement value)
    {
        var scanner = new TextScanner(text, complete: true);
        JsonNode? node = null;
        var isValue = scanner.Peek() is '[' or '{' && LooseValues.Python.Read(ref scanner, out node) && scanner.Peek() == 0;
        value = isValue ? JsonSerializer.SerializeToElement(node) : default;
        return isValue;
    }

    static HashSet<string> Types(JsonElement schema)
    {
        HashSet<string> types = [];
        if (schema.ValueKind != JsonValueKind.Object) return types;
        if (schema.TryGetProperty("type", out var type))
        {
            if (type.ValueKind == JsonValueKind.String) types.Add(type.GetString()!);
            else if (type.ValueKind == JsonValueKind.Array) types.UnionWith(type.EnumerateArray().Where(t => t.ValueKind == JsonValueKind.String).Select(t => t.GetString()!));
        }
        else if (schema.TryGetProperty("enum", out var values) && values.ValueKind == JsonValueKind.Array)
        {
            types.UnionWith(values.EnumerateArray().Select(TypeOf));
        }
        foreach (var key in Alternatives)
            if (schema.TryGetProperty(key, out var schemas) && schemas.ValueKind == JsonValueKind.Array)
                foreach (var one in schemas.EnumerateArray()) types.UnionWith(Types(one));
        return types;
    }

    static string TypeOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "object",
        JsonValueKind.Array => "array",
        JsonValueKind.String => "string",
        JsonValueKind.Number => value.GetRawText().AsSpan().IndexOfAny('.', 'e', 'E') < 0 ? "integer" : "number",
        JsonValueKind.Null => "null",
        _ => "boolean",
    };
}
