using System.Text.Json;
using Microsoft.Extensions.AI;
using Microsoft.SemanticKernel;
using Microsoft.SemanticKernel.ChatCompletion;

namespace Ppd.SemanticKernel;

/// <summary>
/// Semantic Kernel's adapter over the client. Between settings and client it drops a <c>response_format</c> of a form that it does not know; it is refused here.
/// </summary>
sealed class StrictChatCompletionService(IChatCompletionService adapter) : IChatCompletionService
{
    public IReadOnlyDictionary<string, object?> Attributes => adapter.Attributes;

    public Task<IReadOnlyList<ChatMessageContent>> GetChatMessageContentsAsync(ChatHistory chatHistory, PromptExecutionSettings? executionSettings = null,
        Kernel? kernel = null, CancellationToken cancellationToken = default)
    {
        RefuseResponseFormat(executionSettings);
        return adapter.GetChatMessageContentsAsync(chatHistory, executionSettings, kernel, cancellationToken);
    }

    public IAsyncEnumerable<StreamingChatMessageContent> GetStreamingChatMessageContentsAsync(ChatHistory chatHistory,
        PromptExecutionSettings? executionSettings = null, Kernel? kernel = null, CancellationToken cancellationToken = default)
    {
        RefuseResponseFormat(executionSettings);
        return adapter.GetStreamingChatMessageContentsAsync(chatHistory, executionSettings, kernel, cancellationToken);
    }

    static void RefuseResponseFormat(PromptExecutionSettings? settings)
    {
        foreach (var (key, value) in settings?.ExtensionData ?? new Dictionary<string, object>())
            if (key.Equals("response_format", StringComparison.OrdinalIgnoreCase) && !IsKnown(value))
                throw new NotSupportedException($"response_format '{value}' in extension data is not supported by Ppd: allowed are \"text\", \"json_object\" and a JSON schema as JsonElement. " +
                    "For a Type set PpdPromptExecutionSettings.ResponseFormat.");
    }

    // what the adapter reads, and null, which says nothing; null in JSON prints as nothing
    static bool IsKnown(object? format) =>
        format is ChatResponseFormatText or JsonElement { ValueKind: JsonValueKind.Object } || (format is null or string or JsonElement && format?.ToString() is null or "" or "text" or "json_object");
}
