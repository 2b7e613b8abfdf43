using System.Text.Json.Nodes;

namespace Ppd.Chat.Schemas;

/// <summary>Whether it can be shown that no value written for one schema satisfies another: what <c>oneOf</c> needs.</summary>
sealed class SchemaOverlap(SchemaMerge merge)
{
    const int Deepest = 20;

    /// <summary>Whether no value written for either satisfies both. False where it cannot be shown.</summary>
    internal bool Excluded(SchemaNode one, SchemaNode other) => Excluded(one, other, 0);

    bool Excluded(SchemaNode one, SchemaNode other, int depth)
    {
        (one, other) = (merge.Flat(one), merge.Flat(other));
        if (one.IsFalse || other.IsFalse) return true;
        if (one.IsTrue || other.IsTrue || depth > Deepest) return false;
        var (mine, theirs) = (Values(one), Values(other));
        if (mine != null && theirs != null) return !mine.Any(value => theirs.Any(their => JsonNode.DeepEquals(value, their)));
        if (mine != null && other.Types() is { } types) return !mine.Any(value => types.Exists(type => SchemaCompiler.IsA(value, type)));
        if (theirs != null && one.Types() is { } own) return !theirs.Any(value => own.Exists(type => SchemaCompiler.IsA(value, type)));
        if (one.Types() is not { } a || other.Types() is not { } b) return false;
        if (!a.Exists(type => b.Contains(type) || (type == "integer" && b.Contains("number")) || (type == "number" && b.Contains("integer")))) return true;
        if (a is not ["object"] || b is not ["object"]) return false;
        var common = one.Required().Intersect(other.Required()).Where(name => Property(one, name) != null && Property(other, name) != null);
        return common.Any(name => Excluded(Property(one, name)!, Property(other, name)!, depth + 1)) || (Lacks(one, other) && Lacks(other, one));
    }

    // Whether what is written for the first lacks a property that the second requires, or has one that the second forbids.
    static bool Lacks(SchemaNode one, SchemaNode other) =>
        (ObjectRules.IsClosed(one) && other.Required().Exists(name => Property(one, name) == null && !one.Required().Contains(name))) ||
        (other["additionalProperties"]?.GetValueKind() == System.Text.Json.JsonValueKind.False && one.Required().Exists(name => Property(other, name) == null));

    static SchemaNode? Property(SchemaNode node, string name) =>
        node["properties"] is JsonObject properties && properties.TryGetPropertyValue(name, out var value) ? node.Child(value, "properties", name) : null;

    static JsonNode?[]? Values(SchemaNode node) => node.Has("const") ? [node["const"]] : node["enum"] is JsonArray values ? [.. values] : null;
}
