using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Ppd.Chat;
using Ppd.Chat.Tools;
using Ppd.Decoding;
using Ppd.Diagnostics;

namespace Ppd;

/// <summary>
/// A local model as an <see cref="IChatClient"/>. Concurrent calls share the model's slots. Every response carries <see cref="PpdGenerationStatistics"/> in
/// <c>AdditionalProperties</c> under <see cref="PpdGenerationStatistics.Key"/>, on itself, on its message and on the last update.
/// </summary>
public sealed class PpdChatClient : IChatClient
{
    readonly PpdModel _model;
    readonly bool _ownsModel;
    readonly ChatClientMetadata _metadata;

    /// <summary>A client over a loaded model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="ownsModel">Whether disposing the client disposes the model.</param>
    public PpdChatClient(PpdModel model, bool ownsModel = false)
    {
        ArgumentNullException.ThrowIfNull(model);
        _model = model;
        _ownsModel = ownsModel;
        _metadata = new ChatClientMetadata("ppd", providerUri: null, model.ModelId);
    }

    /// <summary>Loads a model and owns it.</summary>
    /// <inheritdoc cref="PpdModel.Load"/>
    public PpdChatClient(PpdModelOptions options, ILoggerFactory? loggerFactory = null) : this(PpdModel.Load(options, loggerFactory), ownsModel: true) { }

    /// <inheritdoc/>
    /// <exception cref="PpdContextLengthException">The prompt leaves no room for a reply.</exception>
    /// <exception cref="PpdQueueFullException">Too many requests are waiting.</exception>
    /// <exception cref="PpdToolCallException">A call was required and the reply holds none that can be read.</exception>
    /// <exception cref="NotSupportedException">An option or content type is not supported; the message names it.</exception>
    /// <exception cref="PpdSchemaException">The schema of the response format asks for something that a grammar cannot guarantee.</exception>
    public async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        List<ChatResponseUpdate> updates = [];
        await foreach (var update in GetStreamingResponseAsync(messages, options, cancellationToken).ConfigureAwait(false)) updates.Add(update);
        var response = updates.ToChatResponse();
        // ToChatResponse leaves them to the message, where Semantic Kernel looks for them
        response.AdditionalProperties = response.Messages[0].AdditionalProperties = updates[^1].AdditionalProperties;
        // Semantic Kernel's adapter drops reasoning and keeps this
        if (response.Messages[0].Contents.OfType<TextReasoningContent>().ToArray() is { Length: > 0 } reasoning)
            response.Messages[0].RawRepresentation = new ChatMessage(ChatRole.Assistant, [.. reasoning]);
        return response;
    }

    /// <inheritdoc/>
    /// <remarks>
    /// An update per forward pass that made text certain, reasoning apart from the answer; calls come whole. The last one has the finish reason, the usage and the statistics.
    /// </remarks>
    /// <exception cref="PpdContextLengthException">The prompt leaves no room for a reply.</exception>
    /// <exception cref="PpdQueueFullException">Too many requests are waiting.</exception>
    /// <exception cref="PpdToolCallException">A call was required and the reply holds none that can be read.</exception>
    /// <exception cref="NotSupportedException">An option or content type is not supported; the message names it.</exception>
    /// <exception cref="PpdSchemaException">The schema of the response format asks for something that a grammar cannot guarantee.</exception>
    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        cancellationToken.ThrowIfCancellationRequested();
        var settings = ChatRequestSettings.From(options, this, _model);
        var prompt = _model.Prompts.Build(messages, options?.Instructions, settings.Tools, settings.EnableThinking);
        settings = settings.Under(_model.Grammars.For(prompt, settings.Answer));
        var tokens = _model.Prompts.Tokenize(prompt);
        var stream = new ReplyStream(_model.Vocabulary, settings.StopSequences, new ReplyReader(prompt, new CallIds(tokens)), prompt.Layout.Markers(calls: settings.Tools is { ReadsCalls: true }));
        if (settings.OnStep is { } onStep) settings = settings with { OnStep = step => onStep(step with { Text = stream.TakeAnswered() }) };
        var generation = MeasuredReply.Submit(_model, stream, sink => settings.ToRequest(tokens, _model.Vocabulary, _model.Engine.PromptTokens, sink));
        var response = new Response($"ppd-{Guid.NewGuid():N}", _model.ModelId, DateTimeOffset.UtcNow);
        try
        {
            using var registration = cancellationToken.UnsafeRegister(static g => ((Generation)g!).Cancel(), generation);
            await foreach (var content in stream.Contents.ReadAllAsync(cancellationToken).ConfigureAwait(false))
                yield return response.Update(content);
        }
        finally
        {
            generation.Cancel();    // no effect on a finished request; frees the slot if the consumer left early
        }
        yield return response.Last(stream);
    }

    /// <inheritdoc/>
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        if (serviceKey != null) return null;
        if (serviceType == typeof(ChatClientMetadata)) return _metadata;
        if (serviceType == typeof(PpdModel)) return _model;
        return serviceType.IsInstanceOfType(this) ? this : null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_ownsModel) _model.Dispose();
    }

    /// <summary>What all updates of one reply have in common.</summary>
    sealed record Response(string Id, string ModelId, DateTimeOffset CreatedAt)
    {
        internal ChatResponseUpdate Update(AIContent content) => new(ChatRole.Assistant, [content])
        {
            ResponseId = Id,
            MessageId = $"{Id}-0",
            ModelId = ModelId,
            CreatedAt = CreatedAt,
            RawRepresentation = content as TextReasoningContent,        // Semantic Kernel's adapter drops reasoning and keeps this
        };

        internal ChatResponseUpdate Last(ReplyStream stream)
        {
            var result = stream.Result;
            var update = Update(Usage(result.Statistics, stream.ReasoningTokens));
            update.FinishReason = stream.HasCalls ? ChatFinishReason.ToolCalls : result.Reason == StopReason.Stop ? ChatFinishReason.Stop : ChatFinishReason.Length;
            update.AdditionalProperties = new AdditionalPropertiesDictionary
            {
                // the names Semantic Kernel looks for in metadata
                ["Id"] = Id,
                ["FinishReason"] = update.FinishReason.ToString(),
                [PpdGenerationStatistics.Key] = result.Statistics,
            };
            return update;
        }

        static UsageContent Usage(PpdGenerationStatistics statistics, int reasoningTokens) => new(new UsageDetails
        {
            InputTokenCount = statistics.PromptTokens,
            OutputTokenCount = statistics.GeneratedTokens,
            TotalTokenCount = statistics.PromptTokens + statistics.GeneratedTokens,
            CachedInputTokenCount = statistics.CachedPromptTokens,
            ReasoningTokenCount = reasoningTokens,
            // summed over the rounds of function invocation, which the statistics of the last reply are not
            AdditionalCounts = new AdditionalPropertiesDictionary<long>
            {
                ["ppd.steps"] = statistics.Steps,
                ["ppd.rows"] = statistics.Rows,
                ["ppd.draft.proposed_tokens"] = statistics.ProposedTokens,
                ["ppd.draft.accepted_tokens"] = statistics.AcceptedTokens,
            },
        });
    }
}
