using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.AI;
using Microsoft.SemanticKernel;

namespace Ppd.SemanticKernel;

/// <summary>Settings of a prompt for a Ppd model. What is left unset takes the model's or llama.cpp's default.</summary>
[JsonNumberHandling(JsonNumberHandling.AllowReadingFromString)]
public sealed class PpdPromptExecutionSettings : PromptExecutionSettings
{
    /// <summary>Divides the logits; 0 always takes the most likely token. Default 0.8.</summary>
    [JsonPropertyName("temperature"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public float? Temperature { get; set => Set(ref field, value); }

    /// <summary>Keeps the most likely tokens up to this total probability; 1 keeps all. Default 0.95.</summary>
    [JsonPropertyName("top_p"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public float? TopP { get; set => Set(ref field, value); }

    /// <summary>Keeps the k most likely tokens; 0 keeps all. Default 40.</summary>
    [JsonPropertyName("top_k"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? TopK { get; set => Set(ref field, value); }

    /// <summary>Drops tokens less likely than this fraction of the most likely one. Default 0.05.</summary>
    [JsonPropertyName("min_p"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public float? MinP { get; set => Set(ref field, value); }

    /// <summary>Most tokens of a reply. Default: until the model ends or the context is full.</summary>
    [JsonPropertyName("max_tokens"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? MaxTokens { get; set => Set(ref field, value); }

    /// <summary>Start of the random numbers; the same seed gives the same reply. Default: another one per request.</summary>
    [JsonPropertyName("seed"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Seed { get; set => Set(ref field, value); }

    /// <summary>Subtracted from a logit per occurrence of its token in the last 64. Default 0.</summary>
    [JsonPropertyName("frequency_penalty"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public float? FrequencyPenalty { get; set => Set(ref field, value); }

    /// <summary>Subtracted once from the logit of a token among the last 64. Default 0.</summary>
    [JsonPropertyName("presence_penalty"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public float? PresencePenalty { get; set => Set(ref field, value); }

    /// <summary>Divides positive logits of the last 64 tokens. Default 1, which is off.</summary>
    [JsonPropertyName("repeat_penalty"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public float? RepeatPenalty { get; set => Set(ref field, value); }

    /// <summary>Texts that end the reply; they are not part of it.</summary>
    [JsonPropertyName("stop_sequences"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IList<string>? StopSequences { get; set => Set(ref field, value); }

    /// <summary>System message put before the conversation.</summary>
    [JsonPropertyName("chat_system_prompt"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ChatSystemPrompt { get; set => Set(ref field, value); }

    /// <summary>Most guessed tokens verified per step; 0 decodes plainly. The reply is the same either way. Default: the model's option.</summary>
    [JsonPropertyName("draft_tokens"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? DraftTokens { get; set => Set(ref field, value); }

    /// <summary>
    /// Form of the reply: a <see cref="Type"/> or a JSON schema as <see cref="JsonElement"/>, which the reply then satisfies; <c>"json_object"</c> for any JSON object; a
    /// <see cref="ChatResponseFormat"/>. In the JSON of a prompt it is <c>response_format</c>: <c>text</c>, <c>json_object</c> or a schema. Default: free text.
    /// </summary>
    [JsonIgnore]
    public object? ResponseFormat { get; set => Set(ref field, value); }

    /// <summary>How the guesses of a step are chosen; in JSON a name like <c>tree16</c>. Default: the model's option.</summary>
    [JsonPropertyName("plan"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public PpdPlan? Plan { get; set => Set(ref field, value); }

    /// <summary>Whether the model thinks before it answers, where its template has such a switch; others refuse it. Default: what the template does by itself.</summary>
    [JsonPropertyName("enable_thinking"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? EnableThinking { get; set => Set(ref field, value); }

    /// <inheritdoc/>
    public override void Freeze()
    {
        if (IsFrozen) return;
        if (StopSequences != null) StopSequences = StopSequences.ToArray().AsReadOnly();
        base.Freeze();
    }

    /// <inheritdoc/>
    public override PromptExecutionSettings Clone() => new PpdPromptExecutionSettings
    {
        ServiceId = ServiceId,
        ModelId = ModelId,
        FunctionChoiceBehavior = FunctionChoiceBehavior,
        ExtensionData = ExtensionData == null ? null : new Dictionary<string, object>(ExtensionData),
        Temperature = Temperature,
        TopP = TopP,
        TopK = TopK,
        MinP = MinP,
        MaxTokens = MaxTokens,
        Seed = Seed,
        FrequencyPenalty = FrequencyPenalty,
        PresencePenalty = PresencePenalty,
        RepeatPenalty = RepeatPenalty,
        StopSequences = StopSequences == null ? null : [.. StopSequences],
        ChatSystemPrompt = ChatSystemPrompt,
        DraftTokens = DraftTokens,
        Plan = Plan,
        ResponseFormat = ResponseFormat,
        EnableThinking = EnableThinking,
    };

    /// <inheritdoc/>
    protected override void PrepareChatOptionsForRequest(ChatOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        base.PrepareChatOptionsForRequest(options);
        options.ResponseFormat = ResponseFormat switch
        {
            null => options.ResponseFormat,
            ChatResponseFormat format => format,
            Type type => ChatResponseFormat.ForJsonSchema(type),
            JsonElement schema => ChatResponseFormat.ForJsonSchema(schema),
            "text" => ChatResponseFormat.Text,
            "json_object" => ChatResponseFormat.Json,
            var other => throw new NotSupportedException(
                $"ResponseFormat '{other}' is not supported by Ppd: allowed are a Type, a JsonElement with a JSON schema, \"text\", \"json_object\" and a ChatResponseFormat."),
        };
    }

    void Set<T>(ref T field, T value)
    {
        ThrowIfFrozen();
        field = value;
    }
}
