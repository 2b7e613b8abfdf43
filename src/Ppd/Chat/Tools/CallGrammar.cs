using System.Text.Json;
using System.Text.Json.Nodes;
using Ppd.Chat.Schemas;

namespace Ppd.Chat.Tools;

/// <summary>The rules of calls as a format writes them, with arguments that satisfy the functions' schemas.</summary>
sealed class CallGrammar
{
    readonly RuleSet _rules;
    readonly ToolCallFormat _format;
    readonly Action<string, PpdSchemaException> _relaxed;

    /// <param name="rules">Where the rules go.</param>
    /// <param name="format">How the model writes calls.</param>
    /// <param name="request">Which functions may be called, and how often.</param>
    /// <param name="relaxed">Told of a function whose schema a grammar cannot guarantee, and why: what stands in the way is left open.</param>
    /// <param name="afterName">Item between name and arguments, where there is more than one way to write it.</param>
    internal CallGrammar(RuleSet rules, ToolCallFormat format, ToolRequest request, Action<string, PpdSchemaException> relaxed, string? afterName = null)
    {
        (_rules, _format, _relaxed) = (rules, format, relaxed);
        var names = request.RequiredName != null ? [request.RequiredName] : request.Tools.Names;
        var call = rules.Add("call", string.Join(" | ", names.Select(name => Call(name, request.Tools.Schema(name), afterName))));
        var next = format.Between == null || !request.AllowsSeveral ? "" : rules.Repeat(rules.Add("next-call", Join(Literal(format.Between + format.Call.BeforeName), call)), 0, null);
        Named = rules.Add("calls", Join(call, next, format.InChannels ? "" : Literal(format.Close)));
    }

    /// <summary>The item from the name of the first call to the end of the last.</summary>
    internal string Named { get; }

    /// <summary>The item for all of it.</summary>
    internal string Whole => From(_format.Open.TrimStart());

    /// <summary>The item from a place within the text that opens calls.</summary>
    internal string From(string open) => _rules.Add("calls", Join(Literal(open + _format.Call.BeforeName), Named));

    string Call(string name, JsonElement schema, string? afterName)
    {
        var syntax = _format.Call;
        var start = afterName == null ? Literal(syntax.WriteName(name) + syntax.AfterName) : Join(Literal(syntax.WriteName(name)), afterName);
        return _rules.Add(name, Join(start, Arguments(name, schema), Literal(syntax.AfterArguments)));
    }

    string Arguments(string name, JsonElement schema)
    {
        var node = JsonSchemaGrammar.Node(schema);
        // a function without parameters gets none, though its schema does not say that there are no others
        if (node is JsonObject { } root && root["properties"] is null or JsonObject { Count: 0 } && !root.ContainsKey("additionalProperties")) root["additionalProperties"] = false;
        if (Obstacle(node) is { } obstacle)
        {
            _relaxed(name, obstacle);
            node = Relaxed(node as JsonObject ?? []);
        }
        return Written(node, _rules);
    }

    string Written(JsonNode? schema, RuleSet rules) => JsonSchemaGrammar.Finite(() => _format.Call.Rule(new SchemaCompiler(schema?.DeepClone(), rules.In(_format.Call.Notation))));

    PpdSchemaException? Obstacle(JsonNode? schema)
    {
        try
        {
            // JSON first: what no grammar can do is found there, under its own name
            JsonSchemaGrammar.Finite(() => new SchemaCompiler(schema?.DeepClone(), new RuleSet()) is var json ? json.Value(json.Root, "arguments") : "");
            var rules = new RuleSet();
            var item = Written(schema, rules);
            JsonSchemaGrammar.Parse(rules.Text(item.Length == 0 ? "\"\"" : item), free: rules.Free);
            return null;
        }
        catch (PpdSchemaException error)
        {
            return error;
        }
    }

    // Arguments keep the schemas that can be kept to.
    JsonNode Relaxed(JsonObject schema)
    {
        var relaxed = new JsonObject { ["type"] = "object" };
        foreach (var keyword in new[] { "$defs", "definitions", "required" })
            if (schema[keyword] is { } value) relaxed[keyword] = value.DeepClone();
        var properties = new JsonObject();
        relaxed["properties"] = properties;
        foreach (var (name, value) in schema["properties"] as JsonObject ?? [])
        {
            properties[name] = value?.DeepClone();
            if (Obstacle(relaxed) != null) properties[name] = true;
        }
        return Obstacle(relaxed) == null ? relaxed : new JsonObject { ["type"] = "object" };
    }

    // A literal of the format, with a rule for each place that differs from call to call.
    string Literal(string text)
    {
        List<string> items = [];
        for (var start = 0; start < text.Length;)
        {
            var place = text.AsSpan(start).IndexOfAny(ToolCallText.Id, ToolCallText.IndexFromZero, ToolCallText.IndexFromOne);
            var end = place < 0 ? text.Length : start + place;
            if (end > start) items.Add(Gbnf.Literal(text[start..end]));
            if (place >= 0) items.Add(text[end] == ToolCallText.Id ? _rules.Add("call-id", $"[a-zA-Z0-9]{{{CallIds.Length}}}") : _rules.Add("call-number", "[0-9]{1,3}"));
            start = end + 1;
        }
        return string.Join(' ', items);
    }

    static string Join(params ReadOnlySpan<string> items)
    {
        var joined = string.Join(' ', items.ToArray().Where(item => item.Length > 0));
        return joined.Length == 0 ? "\"\"" : joined;
    }
}
