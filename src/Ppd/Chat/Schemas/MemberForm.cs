namespace Ppd.Chat.Schemas;

/// <summary>How the members of an object are written: by default as the notation of the rules says.</summary>
class MemberForm(SchemaCompiler compiler)
{
    protected SchemaCompiler Compiler => compiler;

    /// <summary>Between two members.</summary>
    internal virtual string Comma => compiler.Rules.Notation.Comma;

    /// <summary>What stands before a value.</summary>
    internal virtual string Key(string name) => compiler.Rules.Notation.Key(name);

    /// <summary>The item for the values of a member, and what stands behind them.</summary>
    internal virtual string Value(string name, SchemaNode schema) => compiler.Value(schema, name);

    /// <summary>The item for a member with another name than the declared ones; null where none can be written.</summary>
    internal virtual string? Other(string hint, IReadOnlyList<string> declared, SchemaNode schema)
    {
        var rules = compiler.Rules;
        if (rules.Notation.HasBareKeys && declared.Count > 0) return null;
        var key = rules.Notation.HasBareKeys ? BareName(rules) : declared.Count == 0 ? rules.Notation.AnyText(rules) : new OtherNames(rules, declared).Write();
        return rules.Add($"{hint}-other", $"{key} {Gbnf.Literal(rules.Notation.Colon)} {compiler.Value(schema, $"{hint}-value")}");
    }

    /// <summary>Names that need no quotes.</summary>
    protected static string BareName(RuleSet rules) => rules.Add("bare-name", "[a-zA-Z_] [a-zA-Z0-9_]{0,63}");
}
