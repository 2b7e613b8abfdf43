using System.Text.Json;
using System.Text.Json.Nodes;
using Ppd.Grammars;

namespace Ppd.Chat.Schemas;

/// <summary>
/// JSON schemas as grammars: every text that a grammar allows satisfies its schema. Not every text that satisfies the schema is allowed:
/// <list type="bullet">
/// <item>JSON is written in one line with one space after a comma or a colon, as models mostly do; nothing else about white space is left open, so all of it is forced.</item>
/// <item>Properties come in the order of their declaration, optional ones may be left out; further ones follow where <c>additionalProperties</c> says so.</item>
/// <item>Where a schema leaves the type open but restricts one type, only that type is written.</item>
/// <item>Numbers have up to 16 digits on either side of the point.</item>
/// </list>
/// </summary>
static class JsonSchemaGrammar
{
    /// <summary>Any JSON object: structured output without a schema.</summary>
    internal static Grammar AnyObject { get; } = Compiled(compiler => compiler.AnyObject(), default);

    /// <summary>The grammar of a schema.</summary>
    /// <exception cref="PpdSchemaException">It asks for something that a grammar cannot guarantee; the message names the keyword and where it is.</exception>
    internal static Grammar Compile(JsonElement schema) => Compiled(compiler => compiler.Value(compiler.Root, "value"), schema);

    /// <summary>
    /// The grammar of one or more tool calls whose arguments satisfy their schemas. Where calls are a choice of the model, it belongs into a <see cref="GrammarConstraint"/> whose
    /// trigger is the text that every call begins with, and whose markers are the control tokens in the syntax.
    /// </summary>
    /// <param name="tools">Names and schemas of their arguments.</param>
    /// <param name="syntax">The text around names and arguments.</param>
    /// <exception cref="PpdSchemaException">A schema asks for something that a grammar cannot guarantee.</exception>
    internal static Grammar Compile(IReadOnlyList<(string Name, JsonElement Schema)> tools, CallSyntax syntax)
    {
        if (tools.Count == 0) throw new ArgumentException("There are no tools.", nameof(tools));
        var rules = new RuleSet();
        var calls = tools.Select(tool =>
        {
            var compiler = new SchemaCompiler(Node(tool.Schema), rules);
            return rules.Add(tool.Name, $"{Gbnf.Literal(syntax.BeforeName + tool.Name + syntax.AfterName)} {Finite(() => compiler.Value(compiler.Root, "arguments"))} {Gbnf.Literal(syntax.AfterArguments)}");
        }).ToList();
        var call = rules.Add("call", string.Join(" | ", calls));
        var more = syntax.Between == null ? "" : $" {rules.Repeat(rules.Add("next-call", $"{Gbnf.Literal(syntax.Between)} {call}"), 0, null)}";
        return Parse(rules.Text($"{Gbnf.Literal(syntax.Open)} {call}{more} {Gbnf.Literal(syntax.Close)}"));
    }

    static Grammar Compiled(Func<SchemaCompiler, string> root, JsonElement schema)
    {
        var rules = new RuleSet();
        var compiler = new SchemaCompiler(schema.ValueKind == JsonValueKind.Undefined ? new JsonObject() : Node(schema), rules);
        return Parse(rules.Text(Finite(() => root(compiler))));
    }

    // The only grammars of schemas that cannot be used are those of references in circles.
    static Grammar Parse(string text)
    {
        try
        {
            return Grammar.Parse(text);
        }
        catch (PpdGrammarException error)
        {
            throw new PpdSchemaException("$ref", "#", $"leads in a circle, or the schema is too large. {error.Message}");
        }
    }

    // A schema with a member twice shows it only when it is read.
    static string Finite(Func<string> write)
    {
        try
        {
            return write();
        }
        catch (ArgumentException error)
        {
            throw new PpdSchemaException("properties", "#", $"cannot be read: {error.Message}");
        }
    }

    static JsonNode? Node(JsonElement schema) => schema.ValueKind switch
    {
        JsonValueKind.Object => JsonObject.Create(schema),
        JsonValueKind.Array => JsonArray.Create(schema),
        JsonValueKind.Null => null,
        _ => JsonValue.Create(schema),
    };
}

/// <summary>How a model writes calls of tools: <c>Open call (Between call)* Close</c>, a call being <c>BeforeName name AfterName arguments AfterArguments</c>.</summary>
/// <param name="BeforeName">Before the name.</param>
/// <param name="AfterName">Between the name and the arguments, which are a JSON object.</param>
/// <param name="AfterArguments">After the arguments.</param>
/// <param name="Between">Between calls; null allows one call.</param>
/// <param name="Open">Before the first call.</param>
/// <param name="Close">After the last call.</param>
sealed record CallSyntax(string BeforeName, string AfterName, string AfterArguments, string? Between = null, string Open = "", string Close = "");
