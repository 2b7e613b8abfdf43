using System.Text.Json;
using System.Text.Json.Nodes;
using Ppd.Chat.Schemas;

namespace Ppd.Chat;

/// <summary>What an answer in words must be instead: JSON of a schema, a text of the caller's grammar, or, without either, any JSON object.</summary>
/// <param name="Schema">A JSON schema.</param>
/// <param name="Grammar">In GBNF.</param>
sealed record AnswerFormat(JsonElement? Schema, string? Grammar)
{
    /// <summary>Tells formats apart.</summary>
    internal string Key => Grammar ?? Schema?.GetRawText() ?? "";

    /// <summary>The item for answers.</summary>
    /// <exception cref="PpdSchemaException">The schema asks for something that a grammar cannot guarantee.</exception>
    internal string Write(RuleSet rules)
    {
        if (Grammar != null) return Grammars.Grammar.RootName;
        var compiler = new SchemaCompiler(Schema is { } schema ? JsonSchemaGrammar.Node(schema) : new JsonObject(), rules);
        return JsonSchemaGrammar.Finite(() => Schema == null ? compiler.AnyObject() : compiler.Value(compiler.Root, "value"));
    }
}
