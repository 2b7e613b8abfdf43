using Ppd.Chat.Schemas;

namespace Ppd.Chat.Tools;

/// <summary>Arguments in tags of their own: texts as they are, up to the closing tag, everything else as JSON.</summary>
sealed class TaggedMembers(SchemaCompiler compiler, TaggedCall call) : MemberForm(compiler)
{
    static readonly string[] OtherTypes = ["object", "array", "number", "integer", "boolean", "null"];

    internal override string Comma => "";

    internal override string Key(string name) => call.ArgumentOpen + name;

    /// <remarks>Where tags do not say the type, what may be a text is one: the reader would take anything else for it.</remarks>
    internal override string Value(string name, SchemaNode schema)
    {
        var close = call.ValueClose.Replace(ToolCallText.Key.ToString(), name);
        List<string> ways = [];
        if (Written(schema, Notation.Raw(close), "string") is { } text) ways.Add($"{Gbnf.Literal(call.KeyClose)} {text}");
        if ((ways.Count == 0 || call.NamesTypes) && Written(schema, Notation.Json, OtherTypes) is { } other) ways.Add($"{Gbnf.Literal(call.OtherKeyClose)} {other} {Gbnf.Literal(close)}");
        return ways.Count > 0
            ? Compiler.Rules.Add(name, string.Join(" | ", ways))
            : throw new PpdSchemaException("type", schema.Pointer, "has no value that can be written between tags");
    }

    internal override string? Other(string hint, IReadOnlyList<string> declared, SchemaNode schema)
    {
        if (declared.Count > 0 || call.ValueClose.Contains(ToolCallText.Key)) return null;
        return Compiler.Rules.Add($"{hint}-other", $"{Gbnf.Literal(call.ArgumentOpen)} {BareName(Compiler.Rules)} {Value("", schema)}");
    }

    // null: the schema allows no value of these types
    string? Written(SchemaNode schema, Notation notation, params string[] types)
    {
        try
        {
            var part = Compiler.Restrict(schema, types);
            if (part.IsFalse) return null;
            // rules of an attempt that fails must not stay behind
            new SchemaCompiler(Compiler.Root.Value, new RuleSet().In(notation)).Value(part, "value");
            return new SchemaCompiler(Compiler.Root.Value, Compiler.Rules.In(notation)).Value(part, "value");
        }
        catch (PpdSchemaException)
        {
            return null;
        }
    }
}
