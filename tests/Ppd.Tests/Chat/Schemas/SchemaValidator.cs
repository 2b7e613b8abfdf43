using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Ppd.Tests.Chat.Schemas;

/// <summary>JSON Schema from the side of the reader: whether a value satisfies a schema. Written apart from the grammars that it checks.</summary>
sealed class SchemaValidator(JsonElement root)
{
    internal bool IsValid(JsonElement value) => Satisfies(value, root);

    bool Satisfies(JsonElement value, JsonElement schema)
    {
        if (schema.ValueKind == JsonValueKind.True) return true;
        if (schema.ValueKind == JsonValueKind.False) return false;
        return schema.EnumerateObject().All(keyword => Satisfies(value, schema, keyword.Name, keyword.Value));
    }

    bool Satisfies(JsonElement value, JsonElement schema, string keyword, JsonElement argument)
    {
        switch (keyword)
        {
            case "$ref": return Satisfies(value, Resolve(argument.GetString()!));
            case "allOf": return argument.EnumerateArray().All(each => Satisfies(value, each));
            case "anyOf": return argument.EnumerateArray().Any(each => Satisfies(value, each));
            case "oneOf": return argument.EnumerateArray().Count(each => Satisfies(value, each)) == 1;
            case "type": return argument.ValueKind == JsonValueKind.String ? Is(value, argument.GetString()!) : argument.EnumerateArray().Any(type => Is(value, type.GetString()!));
            case "const": return JsonElement.DeepEquals(value, argument);
            case "enum": return argument.EnumerateArray().Any(each => JsonElement.DeepEquals(value, each));
        }
        return value.ValueKind switch
        {
            JsonValueKind.Object => SatisfiesObject(value, schema, keyword, argument),
            JsonValueKind.Array => SatisfiesArray(value, schema, keyword, argument),
            JsonValueKind.String => SatisfiesString(value.GetString()!, keyword, argument),
            JsonValueKind.Number => SatisfiesNumber(value.GetDouble(), schema, keyword, argument),
            _ => true,
        };
    }

    bool SatisfiesObject(JsonElement value, JsonElement schema, string keyword, JsonElement argument)
    {
        var members = value.EnumerateObject().ToList();
        if (members.Select(member => member.Name).Distinct().Count() != members.Count && schema.TryGetProperty("properties", out var named) && members.GroupBy(m => m.Name).Any(g => g.Count() > 1 && named.TryGetProperty(g.Key, out _))) return false;
        return keyword switch
        {
            "properties" => argument.EnumerateObject().All(property => !value.TryGetProperty(property.Name, out var own) || Satisfies(own, property.Value)),
            "required" => argument.EnumerateArray().All(name => value.TryGetProperty(name.GetString()!, out _)),
            "additionalProperties" => members.All(member => (schema.TryGetProperty("properties", out var properties) && properties.TryGetProperty(member.Name, out _)) || Satisfies(member.Value, argument)),
            "minProperties" => members.Count >= argument.GetInt32(),
            "maxProperties" => members.Count <= argument.GetInt32(),
            _ => true,
        };
    }

    bool SatisfiesArray(JsonElement value, JsonElement schema, string keyword, JsonElement argument)
    {
        var items = value.EnumerateArray().ToList();
        var list = schema.TryGetProperty("prefixItems", out var prefix) ? prefix : schema.TryGetProperty("items", out var old) && old.ValueKind == JsonValueKind.Array ? old : default;
        var first = list.ValueKind == JsonValueKind.Array ? list.GetArrayLength() : 0;
        return keyword switch
        {
            "prefixItems" or "items" when argument.ValueKind == JsonValueKind.Array => items.Zip(argument.EnumerateArray()).All(pair => Satisfies(pair.First, pair.Second)),
            "items" or "additionalItems" => items.Skip(first).All(item => Satisfies(item, argument)),
            "minItems" => items.Count >= argument.GetDouble(),
            "maxItems" => items.Count <= argument.GetDouble(),
            "uniqueItems" => !argument.GetBoolean() || items.Select(item => item.GetRawText()).Distinct().Count() == items.Count,
            _ => true,
        };
    }

    static bool SatisfiesString(string value, string keyword, JsonElement argument) => keyword switch
    {
        "minLength" => value.EnumerateRunes().Count() >= argument.GetDouble(),
        "maxLength" => value.EnumerateRunes().Count() <= argument.GetDouble(),
        "pattern" => Regex.IsMatch(value, argument.GetString()!.EndsWith('$') ? argument.GetString()![..^1] + "\\z" : argument.GetString()!, RegexOptions.ECMAScript | RegexOptions.CultureInvariant) || !value.All(char.IsAscii),
        "format" => argument.GetString() switch
        {
            "date" => DateOnly.TryParseExact(value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _),
            "time" => TimeOnly.TryParse(value, CultureInfo.InvariantCulture, out _) && value.Length >= 8,
            "date-time" => DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, out _) && value.Contains('T', StringComparison.Ordinal),
            "uuid" => Guid.TryParseExact(value, "D", out _),
            "ipv4" or "ipv6" => System.Net.IPAddress.TryParse(value, out _),
            "email" => System.Net.Mail.MailAddress.TryCreate(value, out _),
            "uri" => Uri.TryCreate(value, UriKind.Absolute, out _),
            "hostname" => Uri.CheckHostName(value) == UriHostNameType.Dns,
            "duration" => Regex.IsMatch(value, "^P(?=[0-9T])([0-9]+Y)?([0-9]+M)?([0-9]+W)?([0-9]+D)?(T(?=[0-9])([0-9]+H)?([0-9]+M)?([0-9]+S)?)?\\z"),
            _ => true,
        },
        _ => true,
    };

    static bool SatisfiesNumber(double value, JsonElement schema, string keyword, JsonElement argument) => keyword switch
    {
        "minimum" => value >= argument.GetDouble() && !(value == argument.GetDouble() && Flag(schema, "exclusiveMinimum")),
        "maximum" => value <= argument.GetDouble() && !(value == argument.GetDouble() && Flag(schema, "exclusiveMaximum")),
        "exclusiveMinimum" when argument.ValueKind == JsonValueKind.Number => value > argument.GetDouble(),
        "exclusiveMaximum" when argument.ValueKind == JsonValueKind.Number => value < argument.GetDouble(),
        "multipleOf" => (decimal)value % argument.GetDecimal() == 0,
        _ => true,
    };

    static bool Flag(JsonElement schema, string keyword) => schema.TryGetProperty(keyword, out var flag) && flag.ValueKind == JsonValueKind.True;

    static bool Is(JsonElement value, string type) => type switch
    {
        "object" => value.ValueKind == JsonValueKind.Object,
        "array" => value.ValueKind == JsonValueKind.Array,
        "string" => value.ValueKind == JsonValueKind.String,
        "number" => value.ValueKind == JsonValueKind.Number,
        "integer" => value.ValueKind == JsonValueKind.Number && double.IsInteger(value.GetDouble()),
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        _ => value.ValueKind == JsonValueKind.Null,
    };

    JsonElement Resolve(string reference)
    {
        var at = root;
        foreach (var part in reference.Split('/').Skip(1)) at = at.GetProperty(Uri.UnescapeDataString(part).Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal));
        return at;
    }
}
