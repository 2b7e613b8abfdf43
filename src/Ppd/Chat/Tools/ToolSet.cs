using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;

namespace Ppd.Chat.Tools;

/// <summary>The functions a request offers to the model.</summary>
sealed class ToolSet
{
    // Written into the root of schemas by those who make them; models have no use for them, and Semantic Kernel repeats the description under "condition".
    static readonly string[] NotForModels = ["$schema", "title", "condition", "description"];

    readonly Dictionary<string, JsonElement> _schemas = [];     // parameters by function name
    readonly List<JsonElement> _definitions = [];

    /// <exception cref="NotSupportedException">A tool is not a function.</exception>
    /// <exception cref="ArgumentException">Two functions have the same name.</exception>
    internal ToolSet(IEnumerable<AITool> tools)
    {
        foreach (var tool in tools)
        {
            if (tool is not AIFunctionDeclaration function)
                throw new NotSupportedException($"The tool '{tool.Name}' is a {tool.GetType().Name}, which is not supported by Ppd; allowed are functions (AIFunctionDeclaration). Remove it from Tools.");
            var parameters = Parameters(function.JsonSchema);
            if (!_schemas.TryAdd(function.Name, parameters))
                throw new ArgumentException($"Two tools are called '{function.Name}'; a call could not be told apart. Rename one.");
            _definitions.Add(Definition(function.Name, function.Description, parameters));
        }
    }

    internal IReadOnlyCollection<string> Names => _schemas.Keys;

    /// <summary>Each function as <c>{"type": "function", "function": {"name", "description", "parameters"}}</c>.</summary>
    internal IReadOnlyList<JsonElement> Definitions => _definitions;

    /// <summary>The same with types that may be null as what else they may be, which is how a model fills them in anyway; null where there are none. Calls are still held to the whole schema.</summary>
    internal IReadOnlyList<JsonElement>? DefinitionsWithoutNull()
    {
        var found = false;
        var definitions = _definitions.Select(definition =>
        {
            var node = JsonObject.Create(definition)!;
            found |= RemoveNull(node);
            return JsonSerializer.SerializeToElement(node);
        }).ToList();
        return found ? definitions : null;
    }

    static bool RemoveNull(JsonNode? node)
    {
        if (node is JsonArray items) return items.Count(RemoveNull) > 0;
        if (node is not JsonObject schema) return false;
        var found = false;
        if (schema["type"] is JsonArray types && types.FirstOrDefault(type => type?.GetValueKind() == JsonValueKind.String && (string?)type == "null") is { } no && types.Remove(no))
        {
            found = true;
            if (types.Count == 1) schema["type"] = types[0]!.DeepClone();
        }
        foreach (var (_, inner) in schema) found |= RemoveNull(inner);
        return found;
    }

    /// <summary>JSON schema of a function's parameters.</summary>
    internal JsonElement Schema(string name) => _schemas[name];

    /// <summary>
    /// The function a model means: that name, or the only one that differs in case and separators, or in the part before the first separator (the plugin), there or here.
    /// </summary>
    internal string? Find(string name)
    {
        if (_schemas.ContainsKey(name)) return name;
        var plain = Plain(name);
        if (plain.Length == 0) return null;
        foreach (var means in (Func<string, bool>[])[tool => Plain(tool) == plain, tool => Plain(WithoutPrefix(tool)) == plain, tool => Plain(tool) == Plain(WithoutPrefix(name))])
            if (_schemas.Keys.Where(means).Take(2).ToArray() is { Length: > 0 } found) return found.Length == 1 ? found[0] : null;
        return null;
    }

    /// <summary>Arguments of a call, typed by the function's schema where the model or its format did not.</summary>
    internal Dictionary<string, object?> Arguments(string? function, ParsedCall call)
    {
        var properties = function != null && _schemas[function].TryGetProperty("properties", out var found) && found.ValueKind == JsonValueKind.Object ? found : JsonElement.Parse("{}");
        var arguments = new Dictionary<string, object?>();
        foreach (var argument in call.Arguments)
        {
            var name = properties.TryGetProperty(argument.Name, out var schema) ? argument.Name : Property(properties, argument.Name, out schema) ?? argument.Name;
            var value = ArgumentTyping.Apply(argument, schema);
            arguments[name] = value.ValueKind == JsonValueKind.Null ? null : value;
        }
        return arguments;
    }

    static string? Property(JsonElement properties, string name, out JsonElement schema)
    {
        var plain = Plain(name);
        var matches = properties.EnumerateObject().Where(p => Plain(p.Name) == plain).Take(2).ToArray();
        schema = matches is [var only] ? only.Value : default;
        return matches.Length == 1 ? matches[0].Name : null;
    }

    static string Plain(string name) => string.Concat(name.Where(char.IsLetterOrDigit)).ToLowerInvariant();

    static string WithoutPrefix(string name) => name[(name.AsSpan().IndexOfAny("_-.:/") + 1)..];

    static JsonElement Parameters(JsonElement schema)
    {
        if (schema.ValueKind != JsonValueKind.Object) return JsonElement.Parse("""{"type": "object", "properties": {}}""");
        var parameters = JsonObject.Create(schema)!;
        foreach (var key in NotForModels) parameters.Remove(key);
        if (!parameters.ContainsKey("type")) parameters.Insert(0, "type", "object");
        if (!parameters.ContainsKey("properties")) parameters.Add("properties", new JsonObject());
        return JsonSerializer.SerializeToElement(parameters);
    }

    static JsonElement Definition(string name, string description, JsonElement parameters) =>
        JsonSerializer.SerializeToElement(new { type = "function", function = new { name, description, parameters } });
}
