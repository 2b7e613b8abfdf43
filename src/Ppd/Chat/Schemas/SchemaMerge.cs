using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Ppd.Chat.Schemas;

/// <summary>Follows references and joins schemas that must all hold into one.</summary>
sealed class SchemaMerge(SchemaNode root)
{
    const int MostReferences = 100;     // in a row

    /// <summary>The schema that a <c>$ref</c> refers to.</summary>
    internal SchemaNode Resolve(SchemaNode node)
    {
        var reference = node.Text("$ref")!;
        if (reference != "#" && !reference.StartsWith("#/", StringComparison.Ordinal))
            throw new PpdSchemaException("$ref", node.Pointer, $"is '{reference}'; only references inside the schema, as #/$defs/name, can be followed. Copy the other schema into $defs");
        var at = root.Value;
        foreach (var part in reference.Split('/').Skip(1))
        {
            var name = Uri.UnescapeDataString(part).Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
            var (found, next) = at switch
            {
                JsonObject members => (members.TryGetPropertyValue(name, out var value), value),
                JsonArray list when int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var i) && i < list.Count => (true, list[i]),
                _ => (false, null),
            };
            if (!found) throw new PpdSchemaException("$ref", node.Pointer, $"refers to '{reference}', which does not exist");
            at = next;
        }
        return new SchemaNode(at, reference);
    }

    /// <summary>The same schema without <c>$ref</c> and <c>allOf</c> at its top.</summary>
    internal SchemaNode Flat(SchemaNode node) => Flat(node, 0);

    SchemaNode Flat(SchemaNode node, int followed)
    {
        if (node.Value is not JsonObject members || !(members.ContainsKey("$ref") || members.ContainsKey("allOf"))) return node;
        if (followed > MostReferences) throw new PpdSchemaException("$ref", node.Pointer, "leads in a circle");
        var rest = members.DeepClone().AsObject();
        rest.Remove("$ref");
        rest.Remove("allOf");
        var merged = node with { Value = rest };
        if (node.Has("$ref")) merged = Merge(Flat(Resolve(node), followed + 1), merged) with { Pointer = node.Pointer };
        if (!node.Has("allOf")) return merged;
        // properties come in the order in which the schema is read: bases that stand before its own
        var before = members.IndexOf("allOf") < members.IndexOf("properties");
        var parts = node.List("allOf").Select(part => Flat(part, followed + 1)).ToList();
        parts.Insert(before ? parts.Count : 0, merged);
        return parts.Aggregate(Merge) with { Pointer = node.Pointer };
    }

    /// <summary>A schema that holds where both do; <c>false</c> where they contradict each other.</summary>
    internal SchemaNode Merge(SchemaNode one, SchemaNode other)
    {
        (one, other) = (Flat(one), Flat(other));
        if (one.IsFalse || other.IsTrue) return one;
        if (other.IsFalse || one.IsTrue) return other;
        var merged = one.Members.DeepClone().AsObject();
        foreach (var (keyword, value) in other.Members)
        {
            if (SchemaNode.IsAnnotation(keyword))
            {
                merged.TryAdd(keyword, value?.DeepClone());
                continue;
            }
            if (!merged.TryGetPropertyValue(keyword, out var mine))
            {
                merged[keyword] = value?.DeepClone();
                continue;
            }
            if (JsonNode.DeepEquals(mine, value)) continue;
            if (Both(keyword, one, other, mine, value) is not { } both) return one with { Value = JsonValue.Create(false) };
            merged[keyword] = both;
        }
        CloseBoth(one, other, merged);
        return one with { Value = merged };
    }

    // null: they contradict each other
    JsonNode? Both(string keyword, SchemaNode one, SchemaNode other, JsonNode? mine, JsonNode? theirs) => keyword switch
    {
        "type" => Types(one.Types()!, other.Types()!),
        "enum" when mine is JsonArray a && theirs is JsonArray b => Values(a.Where(value => b.Any(their => JsonNode.DeepEquals(value, their)))),
        "required" => new JsonArray([.. one.Required().Union(other.Required()).Select(name => (JsonNode)name)]),
        "properties" when mine is JsonObject a && theirs is JsonObject b => Properties(one, a, b),
        "items" or "additionalProperties" => Merge(one.Child(mine, keyword), other.Child(theirs, keyword)).Value?.DeepClone(),
        "minimum" or "exclusiveMinimum" or "minLength" or "minItems" or "minProperties" when IsNumber(mine) && IsNumber(theirs) => Larger(mine!, theirs!).DeepClone(),
        "maximum" or "exclusiveMaximum" or "maxLength" or "maxItems" or "maxProperties" when IsNumber(mine) && IsNumber(theirs) => (Larger(mine!, theirs!) == mine ? theirs : mine)!.DeepClone(),
        "const" => null,
        _ => throw new PpdSchemaException(keyword, one.Pointer,
            $"is asked for twice, as {mine?.ToJsonString() ?? "null"} and as {theirs?.ToJsonString() ?? "null"}, and a grammar cannot honour both. Write one schema that says it at once"),
    };

    // additionalProperties speaks of the properties beside it only: one schema's closes the other's out.
    void CloseBoth(SchemaNode one, SchemaNode other, JsonObject merged)
    {
        if (merged["additionalProperties"]?.GetValueKind() is null or JsonValueKind.True) return;
        var (a, b) = (Names(one), Names(other));
        if ((one.Has("additionalProperties") && b.Except(a).Any()) || (other.Has("additionalProperties") && a.Except(b).Any()))
            throw new PpdSchemaException("additionalProperties", one.Pointer, "closes out properties of a schema that must hold too (allOf). Say it once, in a schema with all properties");
    }

    static HashSet<string> Names(SchemaNode node) => node["properties"] is JsonObject properties ? [.. properties.Select(property => property.Key)] : [];

    JsonObject Properties(SchemaNode one, JsonObject mine, JsonObject theirs)
    {
        var merged = mine.DeepClone().AsObject();
        foreach (var (name, value) in theirs)
            merged[name] = mine.TryGetPropertyValue(name, out var own) ? Merge(one.Child(own, "properties", name), one.Child(value, "properties", name)).Value?.DeepClone() : value?.DeepClone();
        return merged;
    }

    static JsonArray? Types(List<string> mine, List<string> theirs)
    {
        // every integer is a number
        var both = mine.Where(type => theirs.Contains(type) || (type == "integer" && theirs.Contains("number"))).Union(theirs.Where(type => type == "integer" && mine.Contains("number")));
        return Values(both.Select(type => (JsonNode?)type));
    }

    static JsonArray? Values(IEnumerable<JsonNode?> values) => new JsonArray([.. values.Select(value => value?.DeepClone())]) is { Count: > 0 } list ? list : null;

    static bool IsNumber(JsonNode? value) => value?.GetValueKind() == JsonValueKind.Number;

    static JsonNode Larger(JsonNode mine, JsonNode theirs) => Number(theirs) > Number(mine) ? theirs : mine;

    static double Number(JsonNode value) => double.Parse(value.ToJsonString(), CultureInfo.InvariantCulture);
}
