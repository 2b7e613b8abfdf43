using System.Text.Json.Nodes;

namespace Ppd.Chat.Schemas;

/// <summary>
/// Objects. Properties come in the order of declaration, then required ones that are not declared, then further ones. After each property there is one rule for all that may
/// follow, so a grammar grows with the number of properties and not with that of their combinations.
/// </summary>
sealed class ObjectRules
{
    readonly SchemaCompiler _compiler;
    readonly SchemaNode _node;
    readonly List<(string Name, SchemaNode Schema, bool Required)> _properties = [];
    readonly SchemaNode? _additional;   // null: there are no further ones

    internal ObjectRules(SchemaCompiler compiler, SchemaNode node)
    {
        (_compiler, _node) = (compiler, node);
        if (!IsClosed(node)) _additional = node.Has("additionalProperties") ? node.Child(node["additionalProperties"], "additionalProperties") : node.Child(JsonValue.Create(true));
        var required = node.Required();
        if (node.Has("properties") && node["properties"] is not JsonObject) throw new PpdSchemaException("properties", node.Pointer, "is not an object");
        foreach (var (name, value) in node["properties"] as JsonObject ?? [])
        {
            var schema = node.Child(value, "properties", name);
            if (!schema.IsFalse) _properties.Add((name, schema, required.Contains(name)));
            else if (required.Contains(name)) throw new PpdSchemaException("required", node.Pointer, $"asks for '{name}', which the schema forbids");
        }
        foreach (var name in required.Except(_properties.Select(property => property.Name)))
            _properties.Add((name, _additional ?? Undeclared(name), true));
    }

    /// <summary>Whether there is nothing but the declared properties: where the schema declares some and leaves others open, only these are written.</summary>
    internal static bool IsClosed(SchemaNode node) => node["additionalProperties"]?.GetValueKind() == System.Text.Json.JsonValueKind.False ||
        (!node.Has("additionalProperties") && (node["properties"] is JsonObject { Count: > 0 } || node.Has("unevaluatedProperties")));

    SchemaNode Undeclared(string name) => _node.Has("additionalProperties")
        ? throw new PpdSchemaException("required", _node.Pointer, $"asks for '{name}', which is not among the properties, and additionalProperties forbids others")
        : _node.Child(JsonValue.Create(true));

    internal string Write(string hint) => _compiler.Rules.Add(hint, Braced(Members(hint, new MemberForm(_compiler))));

    /// <summary>What stands between the braces.</summary>
    internal string Members(string hint, MemberForm form)
    {
        var (least, most) = (_node.Count("minProperties"), _node.Count("maxProperties"));
        var isMap = _properties.Count == 0 && _additional != null;
        if (!isMap) RefuseCounts(least, most);
        if (most < least) throw new PpdSchemaException("maxProperties", _node.Pointer, $"is {most}, less than minProperties, {least}");
        return isMap ? Map(least ?? 0, most, hint, form) : Declared(hint, form);
    }

    static string Braced(string members) => members.Length == 0 ? "\"{}\"" : $"\"{{\" {members} \"}}\"";

    void RefuseCounts(int? least, int? most)
    {
        if (least > _properties.Count(property => property.Required))
            throw new PpdSchemaException("minProperties", _node.Pointer,
                $"is {least}, more than there are required properties; a grammar cannot count those that are left out. Require them, or leave it out");
        if (most != null && (_additional != null || most < _properties.Count))
            throw new PpdSchemaException("maxProperties", _node.Pointer, $"is {most}, which some choice of properties would exceed; a grammar cannot count those that are there. Leave it out");
    }

    string Map(int least, int? most, string hint, MemberForm form)
    {
        if (_additional!.IsFalse || most == 0) return "";
        if (Further(hint, form) is not var (member, next))
            return least == 0 ? "" : throw new PpdSchemaException("minProperties", _node.Pointer, $"is {least}, and members without declared names cannot be written here");
        var more = _compiler.Rules.Repeat(next, Math.Max(0, least - 1), most - 1, hint);
        return least > 0 ? $"{member} {more}" : $"({member} {more})?";
    }

    // `rest`: what may follow once there is a property; `first`: what may come while there is none.
    string Declared(string hint, MemberForm form)
    {
        var (rest, first) = ("", "");
        if (_additional != null && Further(hint, form) is var (member, next))
        {
            rest = $"{next}*";
            first = $"({member} {rest})?";
        }
        var firstRequired = _properties.FindIndex(property => property.Required) is var found and >= 0 ? found : _properties.Count;
        for (var i = _properties.Count - 1; i >= 0; i--)
        {
            var (name, schema, required) = _properties[i];
            var value = form.Value(name, schema);
            var (key, comma) = (form.Key(name), form.Comma);
            if (i <= firstRequired)
            {
                var begin = Join(Gbnf.Literal(key), value, rest);
                first = required ? begin : first.Length == 0 ? $"({begin})?" : _compiler.Rules.Add($"{hint}-first", $"{begin} | {first}");
            }
            var more = Join(Gbnf.Literal(comma + key), value, rest);
            if (i > 0) rest = required ? more : rest.Length == 0 ? $"({more})?" : _compiler.Rules.Add($"{hint}-rest", $"{more} | {rest}");
            // a rest that two rules continue with is written once
            if (i > 0 && rest.Contains(' ', StringComparison.Ordinal) && (!required || i <= firstRequired)) rest = _compiler.Rules.Add($"{hint}-rest", rest);
        }
        return first;
    }

    static string Join(params ReadOnlySpan<string> parts) => string.Join(' ', parts.ToArray().Where(part => part.Length > 0));

    // A further property, and the same after a comma; null where there cannot be any.
    (string Member, string Next)? Further(string hint, MemberForm form) =>
        form.Other(hint, [.. _properties.Select(property => property.Name)], _additional!) is { } member
            ? (member, _compiler.Rules.Add($"{hint}-next", $"{Gbnf.Literal(form.Comma)} {member}"))
            : null;
}
