using Microsoft.Extensions.AI;

namespace Ppd.Chat.Tools;

/// <summary>What a request says about tools.</summary>
/// <param name="Tools">The functions that are shown to the model.</param>
/// <param name="ReadsCalls">Whether calls are looked for; without, the model sees the functions and whatever it writes is text.</param>
/// <param name="IsRequired">Whether the reply must be a call.</param>
/// <param name="RequiredName">The one function that must be called.</param>
/// <param name="AllowsSeveral">Whether a reply may hold more than one call.</param>
sealed record ToolRequest(ToolSet Tools, bool ReadsCalls, bool IsRequired, string? RequiredName, bool AllowsSeveral)
{
    /// <summary>Null when there are no tools.</summary>
    internal static ToolRequest? From(ChatOptions? options)
    {
        var required = options?.ToolMode as RequiredChatToolMode;
        if (options?.Tools is not { Count: > 0 } given)
            return required == null ? null : throw new NotSupportedException("ToolMode requires a call, but there are no Tools to call. Add some, or leave ToolMode unset.");
        var tools = new ToolSet(given);
        var name = required?.RequiredFunctionName;
        if (name != null && !tools.Names.Contains(name))
            throw new ArgumentException($"ToolMode requires a call of '{name}', which is not among the Tools: {string.Join(", ", tools.Names)}.");
        if (required != null && tools.Names.Count == 1) name = tools.Names.Single();
        return new ToolRequest(tools, options.ToolMode is not NoneChatToolMode, required != null, name, options.AllowMultipleToolCalls != false);
    }
}
