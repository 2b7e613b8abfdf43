using System.Text.Json.Nodes;

namespace Ppd.Chat.Schemas;

/// <summary>Arrays: a beginning whose elements have schemas of their own, then elements of one schema, within bounds.</summary>
sealed class ArrayRules
{
    readonly SchemaCompiler _compiler;
    readonly List<SchemaNode> _first = [];
    readonly SchemaNode? _items;    // null: nothing after the first ones
    readonly int _least;
    readonly int? _most;

    internal ArrayRules(SchemaCompiler compiler, SchemaNode node)
    {
        _compiler = compiler;
        // before 2020 a list of schemas was called items, and what follows additionalItems
        var (first, items) = node["items"] is JsonArray ? ("items", "additionalItems") : ("prefixItems", "items");
        if (node.Has(first)) _first = node.List(first);
        _items = node.Child(node.Has(items) ? node[items] : JsonValue.Create(true), items);
        if (_items.IsFalse) _items = null;
        (_least, _most) = (node.Count("minItems") ?? 0, node.Count("maxItems"));
        if (_items == null) _most = Math.Min(_most ?? _first.Count, _first.Count);
        if (_most < _least) throw new PpdSchemaException("minItems", node.Pointer, $"is {_least}, more than the {_most} elements that are allowed");
        if (_most < _first.Count) _first = _first[.._most.Value];
    }

    internal string Write(string hint)
    {
        var elements = _first.Count == 0 ? All(hint) : Tuple(hint);
        return _compiler.Rules.Add(hint, elements.Length == 0 ? "\"[]\"" : $"\"[\" {elements} \"]\"");
    }

    string All(string hint)
    {
        if (_items == null || _most == 0) return "";
        var item = _compiler.Value(_items, $"{hint}-item");
        if (_most == 1) return _least == 1 ? item : $"({item})?";
        var more = _compiler.Rules.Repeat(Next(item, hint), Math.Max(0, _least - 1), _most - 1, $"{hint}-more");
        return _least > 0 ? $"{item} {more}" : $"({item} {more})?";
    }

    // The array may end wherever it has as many elements as it must have.
    string Tuple(string hint)
    {
        var rest = "";
        if (_items != null && (_most == null || _most > _first.Count))
            rest = _compiler.Rules.Repeat(Next(_compiler.Value(_items, $"{hint}-item"), hint), Math.Max(0, _least - _first.Count), _most - _first.Count, $"{hint}-more");
        for (var i = _first.Count - 1; i >= 0; i--)
        {
            var element = _compiler.Value(_first[i], $"{hint}-{i + 1}");
            rest = $"{(i == 0 ? element : Next(element, hint))} {rest}".TrimEnd();
            if (i >= _least) rest = $"{_compiler.Rules.Add($"{hint}-rest", rest)}?";
        }
        return rest;
    }

    string Next(string item, string hint) => _compiler.Rules.Add($"{hint}-next", $"{Gbnf.Literal(_compiler.Rules.Notation.Comma)} {item}");
}
