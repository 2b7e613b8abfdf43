using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Ppd.Chat.Schemas;

/// <summary>A schema, or a part of one, and where it is.</summary>
/// <param name="Value">Object or boolean.</param>
/// <param name="Pointer">JSON pointer, beginning with <c>#</c>.</param>
sealed record SchemaNode(JsonNode? Value, string Pointer)
{
    /// <summary>Keywords that say nothing about the value, by the standard or by custom. Unknown ones say nothing either.</summary>
    static readonly HashSet<string> Annotations =
    [
        "$schema", "$id", "$comment", "$defs", "definitions", "$anchor", "$vocabulary", "title", "description", "default", "examples", "example", "deprecated", "readOnly", "writeOnly",
        "contentEncoding", "contentMediaType", "contentSchema", "nullable", "discriminator", "xml", "externalDocs",
    ];

    static readonly HashSet<string> Assertions =
    [
        "$ref", "allOf", "anyOf", "oneOf", "type", "enum", "const", "properties", "required", "additionalProperties", "minProperties", "maxProperties", "items", "prefixItems",
        "additionalItems", "minItems", "maxItems", "minLength", "maxLength", "pattern", "format", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf",
        .. SchemaKeywords.Refused,
    ];

    /// <summary>The members of a schema that is an object.</summary>
    /// <exception cref="PpdSchemaException">It is neither an object nor true.</exception>
    internal JsonObject Members => Value switch
    {
        JsonObject members => members,
        JsonValue when IsTrue => [],
        JsonValue when IsFalse => throw new PpdSchemaException("false", Pointer, "allows no value at all"),
        _ => throw new PpdSchemaException(Value?.ToJsonString() ?? "null", Pointer, "is no schema; a schema is an object, true or false"),
    };

    internal bool IsTrue => Value?.GetValueKind() == JsonValueKind.True;

    internal bool IsFalse => Value?.GetValueKind() == JsonValueKind.False;

    /// <summary>Whether it has a keyword.</summary>
    internal bool Has(string keyword) => Members.ContainsKey(keyword);

    /// <summary>The value of a keyword, null where there is none.</summary>
    internal JsonNode? this[string keyword] => Members.TryGetPropertyValue(keyword, out var value) ? value : null;

    /// <summary>Keywords that restrict the value.</summary>
    internal IEnumerable<string> Restrictions => Members.Select(member => member.Key).Where(Assertions.Contains);

    /// <summary>Whether a keyword is known to say nothing about values, or is not known.</summary>
    internal static bool IsAnnotation(string keyword) => Annotations.Contains(keyword) || !Assertions.Contains(keyword);

    /// <summary>The schema under a keyword, or under a name or index inside it.</summary>
    internal SchemaNode Child(JsonNode? value, params ReadOnlySpan<string> path)
    {
        var pointer = Pointer;
        foreach (var part in path) pointer += "/" + part.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);
        return new SchemaNode(value, pointer);
    }

    /// <summary>The schemas of a list like <c>anyOf</c>.</summary>
    internal List<SchemaNode> List(string keyword) => this[keyword] is JsonArray { Count: > 0 } list
        ? [.. list.Select((value, i) => Child(value, keyword, i.ToString(CultureInfo.InvariantCulture)))]
        : throw new PpdSchemaException(keyword, Pointer, "is not a list with at least one schema");

    /// <summary>A count, or null where there is none.</summary>
    internal int? Count(string keyword)
    {
        if (!Has(keyword)) return null;
        if (this[keyword] is not JsonValue value || !decimal.TryParse(value.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ||
            number < 0 || !decimal.IsInteger(number))
            throw new PpdSchemaException(keyword, Pointer, $"is {this[keyword]?.ToJsonString() ?? "null"}; a whole number from 0 is needed");
        // what stays below a lower maximum stays below this one
        if (number > RuleSet.MostCounted && keyword.StartsWith("max", StringComparison.Ordinal)) return RuleSet.MostCounted;
        return number <= RuleSet.MostCounted
            ? (int)number
            : throw new PpdSchemaException(keyword, Pointer, $"is {number}; a grammar can count to {RuleSet.MostCounted}. Leave it out, or lower it");
    }

    /// <summary>A text, or null where there is none.</summary>
    internal string? Text(string keyword) => !Has(keyword) ? null : this[keyword] is { } value && value.GetValueKind() == JsonValueKind.String
        ? value.GetValue<string>()
        : throw new PpdSchemaException(keyword, Pointer, $"is {this[keyword]?.ToJsonString() ?? "null"}; a string is needed");

    /// <summary>The names of the types that are allowed; null where the schema does not say.</summary>
    internal List<string>? Types()
    {
        if (!Has("type")) return null;
        var named = this["type"] is JsonArray list ? [.. list] : new List<JsonNode?> { this["type"] };
        List<string> types = [];
        foreach (var value in named)
        {
            if (value?.GetValueKind() != JsonValueKind.String || !SchemaKeywords.Types.Contains(value.GetValue<string>()))
                throw new PpdSchemaException("type", Pointer, $"is {value?.ToJsonString() ?? "null"}; allowed are {string.Join(", ", SchemaKeywords.Types)}, and lists of them");
            types.Add(value.GetValue<string>());
        }
        if (types.Count == 0) throw new PpdSchemaException("type", Pointer, "is an empty list");
        return [.. types.Distinct()];
    }

    /// <summary>The names that must be there.</summary>
    internal List<string> Required()
    {
        if (!Has("required")) return [];
        if (this["required"] is not JsonArray list || list.Any(name => name?.GetValueKind() != JsonValueKind.String))
            throw new PpdSchemaException("required", Pointer, "is not a list of names");
        return [.. list.Select(name => name!.GetValue<string>()).Distinct()];
    }
}

/// <summary>Words of JSON Schema.</summary>
static class SchemaKeywords
{
    internal static readonly string[] Types = ["object", "array", "string", "number", "integer", "boolean", "null"];

    /// <summary>Keywords that a grammar cannot honour in general.</summary>
    internal static readonly string[] Refused =
    [
        "not", "if", "then", "else", "dependentRequired", "dependentSchemas", "dependencies", "unevaluatedProperties", "unevaluatedItems", "contains", "minContains", "maxContains",
        "patternProperties", "propertyNames", "uniqueItems", "$dynamicRef", "$recursiveRef",
    ];
}
