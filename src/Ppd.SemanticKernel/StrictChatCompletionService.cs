using Microsoft.Extensions.AI;
using Microsoft.SemanticKernel;
using Microsoft.SemanticKernel.ChatCompletion;

namespace Ppd.SemanticKernel;

/// <summary>
/// Semantic Kernel's adapter over the client. Between settings and client it drops a <c>response_format</c> in any form but text or a JSON schema; it is refused here.
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
            if (key.Equals("response_format", StringComparison.OrdinalIgnoreCase) && !IsText(value))
                throw new NotSupportedException($"response_format '{value}' is not supported by Ppd: structured output is not built yet.");
    }

    // as string, as JSON string (null in JSON prints as nothing), or as the type of Microsoft.Extensions.AI
    static bool IsText(object? format) => format is ChatResponseFormatText || format?.ToString() is null or "" or "text";
}
