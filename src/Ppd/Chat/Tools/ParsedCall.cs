using System.Text.Json;

namespace Ppd.Chat.Tools;

/// <summary>A call as the model wrote it.</summary>
/// <param name="Name">The function's name, not yet matched against the tools.</param>
/// <param name="Id">The id the model gave it; null when the format has none.</param>
/// <param name="Arguments">In the order in which they were written.</param>
sealed record ParsedCall(string Name, string? Id, IReadOnlyList<ParsedArgument> Arguments)
{
    /// <summary>A call whose arguments are a JSON object.</summary>
    internal static ParsedCall OfJson(string name, string? id, JsonElement arguments) =>
        new(name, id, [.. arguments.EnumerateObject().Select(p => new ParsedArgument(p.Name, p.Value, IsRaw: false))]);
}

/// <summary>An argument as the model wrote it.</summary>
/// <param name="Name">The name, not yet matched against the schema.</param>
/// <param name="Value">The value.</param>
/// <param name="IsRaw">The value is a string of which the format does not say whether it stands for a string: the tool's schema decides.</param>
readonly record struct ParsedArgument(string Name, JsonElement Value, bool IsRaw);
