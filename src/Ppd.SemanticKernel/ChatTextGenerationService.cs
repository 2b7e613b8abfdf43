using System.Runtime.CompilerServices;
using Microsoft.SemanticKernel;
using Microsoft.SemanticKernel.ChatCompletion;
using Microsoft.SemanticKernel.TextGeneration;

namespace Ppd.SemanticKernel;

/// <summary>The chat service for callers that know text generation only: the prompt is a user message, or the messages that its tags make.</summary>
sealed class ChatTextGenerationService(IChatCompletionService chat) : ITextGenerationService
{
    public IReadOnlyDictionary<string, object?> Attributes => chat.Attributes;

    public async Task<IReadOnlyList<TextContent>> GetTextContentsAsync(string prompt, PromptExecutionSettings? executionSettings = null, Kernel? kernel = null,
        CancellationToken cancellationToken = default)
    {
        var replies = await chat.GetChatMessageContentsAsync(prompt, executionSettings, kernel, cancellationToken).ConfigureAwait(false);
        return [.. replies.Select(reply => new TextContent(reply.Content, reply.ModelId, reply.InnerContent, reply.Encoding, reply.Metadata))];
    }

    public async IAsyncEnumerable<StreamingTextContent> GetStreamingTextContentsAsync(string prompt, PromptExecutionSettings? executionSettings = null, Kernel? kernel = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var part in chat.GetStreamingChatMessageContentsAsync(prompt, executionSettings, kernel, cancellationToken).ConfigureAwait(false))
            yield return new StreamingTextContent(part.Content, part.ChoiceIndex, part.ModelId, part.InnerContent, part.Encoding, part.Metadata);
    }
}
