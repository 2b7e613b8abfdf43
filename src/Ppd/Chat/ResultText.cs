using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Ppd.Chat;

/// <summary>The result of a function as the model reads it: text as it is, everything else as JSON.</summary>
static class ResultText
{
    static readonly JsonSerializerOptions Compact = new(AIJsonUtilities.DefaultOptions) { WriteIndented = false };

    internal static string Of(FunctionResultContent result) => result.Result switch
    {
        null => result.Exception == null ? "" : "Error: the function failed.",
        string text => text,
        JsonElement { ValueKind: JsonValueKind.String } json => json.GetString()!,
        TextContent text => text.Text,
        IEnumerable<AIContent> contents when contents.All(content => content is TextContent) => string.Concat(contents),
        var other => JsonSerializer.Serialize(other, Compact),
    };
}
