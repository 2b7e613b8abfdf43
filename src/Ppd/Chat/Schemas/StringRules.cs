namespace Ppd.Chat.Schemas;

/// <summary>Strings: of a format, of a pattern, or of any characters between two lengths.</summary>
sealed class StringRules(SchemaCompiler compiler, SchemaNode node)
{
    internal string Write(string hint)
    {
        var (least, most) = (node.Count("minLength") ?? 0, node.Count("maxLength"));
        if (most < least) throw new PpdSchemaException("maxLength", node.Pointer, $"is {most}, less than minLength, {least}");
        var bounded = least > 0 || most != null;
        if (node.Text("format") is { } format && !StringFormats.SaysNothing(format)) return Formatted(format, bounded, hint);
        if (node.Text("pattern") is { } pattern) return Text(hint, rules => Pattern(pattern, least, most, rules, node.Pointer));
        if (!bounded) return compiler.Rules.Notation.AnyText(compiler.Rules);
        return Text(hint, rules => rules.Repeat(JsonChars.Any(rules), least, most, "chars"));
    }

    string Text(string hint, Func<RuleSet, string> body) => compiler.Rules.Notation.Text(compiler.Rules, hint, body);

    string Formatted(string format, bool bounded, string hint)
    {
        if (!StringFormats.Known.Contains(format))
            throw new PpdSchemaException("format", node.Pointer, $"is '{format}', which no grammar is known for; known are {string.Join(", ", StringFormats.Known)}. Leave it out, or write a pattern");
        if (bounded) throw new PpdSchemaException("format", node.Pointer, "stands beside minLength or maxLength; a grammar can honour one of them. Leave the lengths out");
        if (node.Has("pattern")) throw new PpdSchemaException("pattern", node.Pointer, "stands beside format; a grammar can honour one of them. Leave one out");
        return Text(hint, rules => StringFormats.Write(format, rules)!);
    }

    static string Pattern(string pattern, int least, int? most, RuleSet rules, string at)
    {
        try
        {
            var regex = RegexParser.Parse(pattern);
            if (regex.WithLength(least, most) is not { } fitting)
                throw new FormatException("cannot be joined with minLength and maxLength; write the lengths into the pattern, as in ^[a-z]{2,8}$");
            return fitting.Write(rules);
        }
        catch (FormatException error)
        {
            throw new PpdSchemaException("pattern", at, $"'{pattern}' {error.Message}");
        }
    }
}
