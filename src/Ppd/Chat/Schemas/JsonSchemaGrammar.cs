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

    static Grammar Compiled(Func<SchemaCompiler, string> root, JsonElement schema)
    {
        var rules = new RuleSet();
        var compiler = new SchemaCompiler(schema.ValueKind == JsonValueKind.Undefined ? new JsonObject() : Node(schema), rules);
        return Parse(rules.Text(Finite(() => root(compiler))));
    }

    /// <summary>The grammar of rules made from schemas: the only ones that cannot be used are those of references in circles.</summary>
    internal static Grammar Parse(string text, string rootName = Grammar.RootName, IReadOnlySet<string>? free = null)
    {
        try
        {
            return Grammar.Parse(text, rootName, free);
        }
        catch (PpdGrammarException error)
        {
            throw new PpdSchemaException("$ref", "#", $"leads in a circle, or the schema is too large. {error.Message}");
        }
    }

    /// <summary>What a schema is written as; one with a member twice shows it only when it is read.</summary>
    internal static string Finite(Func<string> write)
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

    /// <summary>A schema as it is read here.</summary>
    internal static JsonNode? Node(JsonElement schema) => schema.ValueKind switch
    {
        JsonValueKind.Object => JsonObject.Create(schema),
        JsonValueKind.Array => JsonArray.Create(schema),
        JsonValueKind.Null => null,
        _ => JsonValue.Create(schema),
    };
}
