using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.Extensions.AI;
using Microsoft.SemanticKernel;
using Microsoft.SemanticKernel.ChatCompletion;
using FunctionCallContent = Microsoft.SemanticKernel.FunctionCallContent;

namespace Ppd.SemanticKernel;

/// <summary>
/// Carries reasoning over Semantic Kernel's adapter, which drops it in both directions: the client's thoughts come out as <see cref="ReasoningContent"/> and
/// <see cref="StreamingReasoningContent"/>, and those in the history reach the client, as the raw form of their message.
/// </summary>
sealed class ReasoningChatCompletionService(IChatCompletionService inner) : IChatCompletionService
{
    public IReadOnlyDictionary<string, object?> Attributes => inner.Attributes;

    public async Task<IReadOnlyList<ChatMessageContent>> GetChatMessageContentsAsync(ChatHistory chatHistory, PromptExecutionSettings? executionSettings = null,
        Kernel? kernel = null, CancellationToken cancellationToken = default)
    {
        var (sent, known) = (WithRawReasoning(chatHistory), chatHistory.Count);
        var replies = await inner.GetChatMessageContentsAsync(sent, executionSettings, kernel, cancellationToken).ConfigureAwait(false);
        foreach (var message in sent.Skip(known).Concat(replies))
            if (message.InnerContent is ChatMessage raw) AddReasoning(message, string.Concat(raw.Contents.OfType<TextReasoningContent>().Select(content => content.Text)));
        CopyNew(sent, chatHistory);
        return replies;
    }

    public async IAsyncEnumerable<StreamingChatMessageContent> GetStreamingChatMessageContentsAsync(ChatHistory chatHistory,
        PromptExecutionSettings? executionSettings = null, Kernel? kernel = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var (sent, known) = (WithRawReasoning(chatHistory), chatHistory.Count);
        var thoughts = new StringBuilder();
        Queue<string> thoughtsBeforeCalls = [];     // of every round of calls; empty where there were none
        var calls = false;          // whether this round has some
        try
        {
            await foreach (var update in inner.GetStreamingChatMessageContentsAsync(sent, executionSettings, kernel, cancellationToken).ConfigureAwait(false))
            {
                if (update.InnerContent is TextReasoningContent reasoning)
                {
                    thoughts.Append(reasoning.Text);
                    update.Items.Add(new StreamingReasoningContent(reasoning.Text));
                }
                if (!calls && update.Items.OfType<StreamingFunctionCallUpdateContent>().Any())
                {
                    thoughtsBeforeCalls.Enqueue(thoughts.ToString());
                    thoughts.Clear();
                    calls = true;
                }
                if (update.Metadata?.ContainsKey("FinishReason") == true) calls = false;
                yield return update;
            }
        }
        finally
        {
            // what the adapter added to the history while it invoked functions
            foreach (var message in sent.Skip(known))
                if (message.Items.OfType<FunctionCallContent>().Any() && thoughtsBeforeCalls.TryDequeue(out var thought)) AddReasoning(message, thought);
            CopyNew(sent, chatHistory);
        }
    }

    // The caller's messages are not touched: those with reasoning are copied.
    static ChatHistory WithRawReasoning(ChatHistory history) => history.Any(HasReasoning) ? [.. history.Select(message => HasReasoning(message) ? Copy(message) : message)] : history;

    static bool HasReasoning(ChatMessageContent message) => message.Items.OfType<ReasoningContent>().Any();

    static ChatMessageContent Copy(ChatMessageContent message) => new(message.Role, message.Items, message.ModelId, Raw(string.Concat(message.Items.OfType<ReasoningContent>().Select(c => c.Text))),
        message.Encoding, message.Metadata) { AuthorName = message.AuthorName };

    static ChatMessage Raw(string reasoning) => new(ChatRole.Assistant, [new TextReasoningContent(reasoning)]);

    static void AddReasoning(ChatMessageContent message, string reasoning)
    {
        if (reasoning.Length == 0 || HasReasoning(message)) return;
        message.Items.Insert(0, new ReasoningContent(reasoning));
    }

    static void CopyNew(ChatHistory sent, ChatHistory history)
    {
        if (!ReferenceEquals(sent, history)) history.AddRange(sent.Skip(history.Count));
    }
}
