using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ppd.Grammars;

namespace Ppd.Chat.Schemas;

/// <summary>Writes the rules of one schema.</summary>
sealed class SchemaCompiler
{
    const int Deepest = 100;    // schemas inside each other

    readonly Dictionary<string, string> _references = [];   // rules by pointer
    readonly SchemaMerge _merge;
    string _anyObject = "";
    int _depth;

    internal SchemaCompiler(JsonNode? schema, RuleSet rules)
    {
        Root = new SchemaNode(schema, "#");
        Rules = rules;
        _merge = new SchemaMerge(Root);
    }

    internal SchemaNode Root { get; }

    internal RuleSet Rules { get; }

    /// <summary>Writes what is needed and returns the item, a rule name or a literal, that stands for the values of a schema.</summary>
    internal string Value(SchemaNode node, string hint)
    {
        if (++_depth > Deepest) throw new PpdSchemaException("properties", node.Pointer, $"is nested more than {Deepest} deep; give inner schemas names under $defs, or make it flatter");
        var value = node.IsTrue ? AnyValue() : Restricted(node, hint);
        _depth--;
        return value;
    }

    string Restricted(SchemaNode node, string hint)
    {
        foreach (var keyword in node.Restrictions)
            if (SchemaKeywords.Refused.Contains(keyword) && !SaysNothing(keyword, node[keyword]))
                throw new PpdSchemaException(keyword, node.Pointer, "cannot be guaranteed by a grammar. Leave it out of the schema and check the result, or describe the value otherwise");
        if (node.Has("$ref") && node.Restrictions.Count() == 1) return Reference(node, hint);
        if (node.Has("$ref") || node.Has("allOf")) return Value(_merge.Flat(node), hint);
        if (node.Has("anyOf")) return Union(node, "anyOf", hint);
        if (node.Has("oneOf")) return Union(node, "oneOf", hint);
        if (node.Has("const")) return Listed(node, "const", [node["const"]], hint);
        if (node.Has("enum")) return Listed(node, "enum", node["enum"] as JsonArray ?? throw new PpdSchemaException("enum", node.Pointer, "is not a list of values"), hint);
        var types = node.Types() ?? ImpliedTypes(node);
        if (types.Contains("number")) types.Remove("integer");
        return types.Count == 0 ? AnyValue() : OneOf(types.Select(type => Typed(node, type, hint)), hint);
    }

    string Typed(SchemaNode node, string type, string hint) => type switch
    {
        "object" => new ObjectRules(this, node).Write(hint),
        "array" => new ArrayRules(this, node).Write(hint),
        "string" => new StringRules(this, node).Write(hint),
        "number" => new NumberRules(Rules, node, wholeNumbers: false).Write(hint),
        "integer" => new NumberRules(Rules, node, wholeNumbers: true).Write(hint),
        "boolean" => Rules.Add("boolean", $"{Gbnf.Literal(Rules.Notation.Constants.True)} | {Gbnf.Literal(Rules.Notation.Constants.False)}"),
        _ => Gbnf.Literal(Rules.Notation.Constants.Null),
    };

    /// <summary>Any JSON value.</summary>
    internal string AnyValue()
    {
        const string Pointer = "any";   // no pointer of a schema: those begin with #
        if (_references.TryGetValue(Pointer, out var name)) return name;
        _references[Pointer] = name = Rules.Reserve("any");
        var notation = Rules.Notation;
        var next = Gbnf.Literal(notation.Comma);
        var number = NumberRules.Any(Rules, wholeNumbers: false);
        var member = new MemberForm(this).Other("any", [], new SchemaNode(JsonValue.Create(true), "#"));
        _anyObject = Rules.Add("any-object", $"\"{{\" ({member} {Rules.Repeat(Rules.Add("any-next-member", $"{next} {member}"), 0, null)})? \"}}\"");
        var elements = Rules.Add("any-array", $"\"[\" ({name} {Rules.Repeat(Rules.Add("any-next", $"{next} {name}"), 0, null)})? \"]\"");
        string[] constants = [notation.Constants.True, notation.Constants.False, notation.Constants.Null];
        Rules.Define(name, $"{_anyObject} | {elements} | {notation.AnyText(Rules)} | {number} | {string.Join(" | ", constants.Select(Gbnf.Literal))}");
        return name;
    }

    /// <summary>Any object.</summary>
    internal string AnyObject()
    {
        AnyValue();
        return _anyObject;
    }

    /// <summary>The part of a schema that allows values of some types.</summary>
    internal SchemaNode Restrict(SchemaNode node, params string[] types) =>
        _merge.Merge(node, new SchemaNode(new JsonObject { ["type"] = new JsonArray([.. types.Select(type => (JsonNode)type)]) }, node.Pointer));

    /// <summary>The schema of an object without references at its top.</summary>
    /// <exception cref="PpdSchemaException">It is not a plain object.</exception>
    internal SchemaNode PlainObject(SchemaNode node)
    {
        var flat = _merge.Flat(node);
        foreach (var keyword in flat.Restrictions)
            if (keyword is not ("type" or "properties" or "required" or "additionalProperties" or "minProperties" or "maxProperties"))
                throw new PpdSchemaException(keyword, flat.Pointer, "cannot be kept to where every argument is written for itself");
        return flat;
    }

    // A schema that is referred to has a rule of its own, which may refer to itself.
    string Reference(SchemaNode node, string hint)
    {
        var target = _merge.Resolve(node);
        if (_references.TryGetValue(target.Pointer, out var known)) return known;
        var name = _references[target.Pointer] = Rules.Reserve(target.Pointer.Length > 1 ? target.Pointer[(target.Pointer.LastIndexOf('/') + 1)..] : hint);
        Rules.Define(name, Value(target, hint));
        return name;
    }

    string Union(SchemaNode node, string keyword, string hint)
    {
        var rest = node.Members.DeepClone().AsObject();
        rest.Remove(keyword);
        var common = node with { Value = rest };
        var branches = node.List(keyword).Where(branch => !branch.IsFalse).ToList();
        if (common.Restrictions.Any()) branches = [.. branches.Select(branch => _merge.Merge(common, branch)).Where(branch => !branch.IsFalse)];
        if (branches.Count == 0) throw new PpdSchemaException(keyword, node.Pointer, "allows no value: every alternative contradicts the rest");
        if (keyword == "oneOf") RefuseOverlap(node, branches);
        return OneOf(branches.Select((branch, i) => Value(branch, $"{hint}-{(i + 1).ToString(CultureInfo.InvariantCulture)}")), hint);
    }

    void RefuseOverlap(SchemaNode node, List<SchemaNode> branches)
    {
        var overlap = new SchemaOverlap(_merge);
        for (var i = 0; i < branches.Count; i++)
            for (var j = 0; j < i; j++)
                if (!overlap.Excluded(branches[j], branches[i]))
                    throw new PpdSchemaException("oneOf", node.Pointer,
                        $"has alternatives, {j} and {i}, that one value may satisfy both; a grammar cannot rule that out. Use anyOf, or give both a required property with different constants");
    }

    string Listed(SchemaNode node, string keyword, IEnumerable<JsonNode?> values, string hint)
    {
        var rest = node.Members.DeepClone().AsObject();
        rest.Remove(keyword);
        var types = node.Types();
        rest.Remove("type");
        var others = node with { Value = rest };
        var fits = others.Restrictions.Any() ? new GrammarStates(Grammar.Parse(Alone(others))) : null;
        var typed = values.Where(value => types == null || types.Exists(type => IsA(value, type)));
        List<string> literals = [.. typed.Where(value => fits == null || fits.Matches(Gbnf.Json(value))).SelectMany(Rules.Notation.Spell).Select(Gbnf.Literal)];
        return literals.Count > 0 ? OneOf(literals, hint) : throw new PpdSchemaException(keyword, node.Pointer, "has no value that the rest of the schema allows");
    }

    string Alone(SchemaNode node)
    {
        var rules = new RuleSet();
        var compiler = new SchemaCompiler(Root.Value, rules);
        return rules.Text(compiler.Value(node, "value"));
    }

    /// <summary>Whether a value is of a type of JSON Schema.</summary>
    internal static bool IsA(JsonNode? value, string type) => (value?.GetValueKind() ?? JsonValueKind.Null) switch
    {
        JsonValueKind.Object => type == "object",
        JsonValueKind.Array => type == "array",
        JsonValueKind.String => type == "string",
        JsonValueKind.True or JsonValueKind.False => type == "boolean",
        JsonValueKind.Null => type == "null",
        _ => type == "number" || (type == "integer" && decimal.TryParse(value!.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && decimal.IsInteger(number)),
    };

    string OneOf(IEnumerable<string> alternatives, string hint)
    {
        string[] distinct = [.. alternatives.Distinct()];
        return distinct.Length == 1 ? distinct[0] : Rules.Add(hint, string.Join(" | ", distinct));
    }

    static bool SaysNothing(string keyword, JsonNode? value) => (keyword, value?.GetValueKind()) is
        ("uniqueItems" or "unevaluatedProperties", JsonValueKind.False) or (not ("uniqueItems" or "not"), JsonValueKind.True);

    static List<string> ImpliedTypes(SchemaNode node)
    {
        List<string> types = [];
        foreach (var keyword in node.Restrictions)
        {
            var type = keyword switch
            {
                "properties" or "required" or "additionalProperties" or "minProperties" or "maxProperties" or "unevaluatedProperties" => "object",
                "items" or "prefixItems" or "additionalItems" or "minItems" or "maxItems" or "uniqueItems" => "array",
                "minLength" or "maxLength" or "pattern" => "string",
                "format" => NumberRules.IsFormat(node.Text("format")) ? "number" : "string",
                _ => "number",
            };
            if (!types.Contains(type)) types.Add(type);
        }
        return types;
    }
}
