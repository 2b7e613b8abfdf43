using System.Globalization;
using System.Numerics;
using System.Text.Json;
using Microsoft.Extensions.AI;
using Ppd.Chat.Tools;
using Ppd.Decoding;
using Ppd.Drafting;
using Ppd.Grammars;
using Ppd.Native;

namespace Ppd.Chat;

/// <summary><see cref="ChatOptions"/> read for the engine: every option is honoured or refused by name.</summary>
sealed record ChatRequestSettings(SamplingSettings Sampling, int? MaxTokens, int DraftTokens, PpdPlan Plan, Action<PpdStep>? OnStep, IReadOnlyList<string> StopSequences)
{
    /// <summary>What the request says about tools; null without any.</summary>
    internal ToolRequest? Tools { get; private init; }

    /// <summary>Whether the model is to think before it answers; null leaves it to the template.</summary>
    internal bool? EnableThinking { get; private init; }

    /// <summary>What the answer must be; null leaves it free.</summary>
    internal AnswerFormat? Answer { get; private init; }

    const int MostStopSequences = 64;

    internal static ChatRequestSettings From(ChatOptions? options, IChatClient client, PpdModel model)
    {
        options ??= new ChatOptions();
        RefuseUnsupported(options, model);
        var own = RequestOptions(options, client);
        var defaults = new SamplingSettings();
        var sampling = new SamplingSettings(
            InRange(options.Temperature ?? defaults.Temperature, nameof(options.Temperature), 0, 100),
            InRange(options.TopK ?? defaults.TopK, nameof(options.TopK), 0, int.MaxValue),
            InRange(options.TopP ?? defaults.TopP, nameof(options.TopP), 0, 1),
            InRange(own.MinP ?? defaults.MinP, nameof(own.MinP), 0, 1),
            InRange(own.RepeatPenalty ?? defaults.RepeatPenalty, nameof(own.RepeatPenalty), 0.01f, 100),
            InRange(options.FrequencyPenalty ?? 0, nameof(options.FrequencyPenalty), -100, 100),
            InRange(options.PresencePenalty ?? 0, nameof(options.PresencePenalty), -100, 100),
            Seed(options.Seed ?? Random.Shared.NextInt64()));
        if (options.MaxOutputTokens is < 1)
            throw new ArgumentOutOfRangeException(nameof(options.MaxOutputTokens),
                $"MaxOutputTokens is {options.MaxOutputTokens}; the least is 1. Leave it unset to generate until the model ends.");
        return new ChatRequestSettings(sampling, options.MaxOutputTokens,
            InRange(own.DraftTokens ?? model.DraftTokens, nameof(own.DraftTokens), 0, EngineSettings.TreeRows - 1), own.Plan ?? model.Plan, own.OnStep, Stops(options))
        {
            Tools = ToolRequest.From(options),
            EnableThinking = Thinking(options, own),
            Answer = AnswerOf(options.ResponseFormat, own.Grammar),
        };
    }

    /// <summary>Whether options ask the model to think before it answers.</summary>
    internal static bool? Thinking(ChatOptions? options, IChatClient client) => options == null ? null : Thinking(options, RequestOptions(options, client));

    static bool? Thinking(ChatOptions options, PpdRequestOptions own) => own.EnableThinking ?? (options.Reasoning?.Effort == ReasoningEffort.None ? false : null);

    /// <summary>The same for a reply that must match a grammar.</summary>
    internal ChatRequestSettings Under(GrammarConstraint? constraint) => this with { Sampling = Sampling with { Grammar = constraint } };

    internal GenerationRequest ToRequest(int[] prompt, LlamaVocabulary vocabulary, PromptTokens? promptTokens, ITokenSink sink)
    {
        List<IDraftSource> sources = [];
        var drafts = DraftTokens > 0 && Plan.Kind != PpdPlanKind.Off;
        var promptSource = promptTokens != null && drafts ? new PromptTokenSource(promptTokens) : null;
        if (promptSource != null) sources.Add(promptSource);
        if (drafts) sources.Add(new NGramSource());
        if (drafts && Sampling.Grammar != null) sources.Add(new GrammarSource(vocabulary, Sampling.Grammar));
        return new()
        {
            Prompt = prompt,
            Sampling = Sampling,
            MaxTokens = MaxTokens,
            DraftTokens = DraftTokens,
            Plan = Plan,
            OnStep = OnStep,
            DraftSources = sources,
            PromptSource = promptSource,
            Sink = sink,
        };
    }

    static void RefuseUnsupported(ChatOptions options, PpdModel model)
    {
        if (options.ResponseFormat is not (null or ChatResponseFormatText or ChatResponseFormatJson))
            throw NotSupported(nameof(options.ResponseFormat), $"it is a {options.ResponseFormat.GetType().Name}; allowed are text, JSON and JSON with a schema");
        if (options.Reasoning?.Effort is not (null or ReasoningEffort.None)) throw NotSupported($"{nameof(options.Reasoning)}.{nameof(options.Reasoning.Effort)} {options.Reasoning.Effort}", "models are told to think or not to; allowed is None, and EnableThinking of PpdRequestOptions");
        if (options.Reasoning?.Output is not (null or ReasoningOutput.Full)) throw NotSupported($"{nameof(options.Reasoning)}.{nameof(options.Reasoning.Output)} {options.Reasoning.Output}", "all of it is returned, as TextReasoningContent; allowed is Full");
        if (options.ConversationId != null) throw NotSupported(nameof(options.ConversationId), "conversations are not stored; send all messages");
        if (options.AllowBackgroundResponses == true) throw NotSupported(nameof(options.AllowBackgroundResponses), "a local model has no background jobs");
        if (options.ContinuationToken != null) throw NotSupported(nameof(options.ContinuationToken), "a local model has no background jobs");
        if (options.ModelId is { } id && id != model.ModelId)
            throw new ArgumentException($"ModelId '{id}' was asked for; this client serves '{model.ModelId}'. Leave it unset, or register a second model under its own service id.");
    }

    static PpdRequestOptions RequestOptions(ChatOptions options, IChatClient client)
    {
        var own = options.RawRepresentationFactory?.Invoke(client) switch
        {
            null => new PpdRequestOptions(),
            PpdRequestOptions given => new PpdRequestOptions { MinP = given.MinP, RepeatPenalty = given.RepeatPenalty, DraftTokens = given.DraftTokens, Plan = given.Plan, EnableThinking = given.EnableThinking, OnStep = given.OnStep, Grammar = given.Grammar },
            var other => throw NotSupported(nameof(options.RawRepresentationFactory), $"it returned a {other.GetType().Name}; allowed is {nameof(PpdRequestOptions)}"),
        };
        foreach (var (key, value) in options.AdditionalProperties ?? [])
        {
            if (value is null) continue;
            switch (key)
            {
                case "min_p": own.MinP ??= Number(key, value); break;
                case "repeat_penalty": own.RepeatPenalty ??= Number(key, value); break;
                case "draft_tokens": own.DraftTokens ??= Integer(key, value); break;
                case "plan": own.Plan ??= PlanOf(value); break;
                case "enable_thinking": own.EnableThinking ??= Boolean(key, value); break;
                case "grammar": own.Grammar ??= value.ToString(); break;
                default:
                    throw NotSupported($"AdditionalProperties[\"{key}\"] = '{value}'",
                        "the keys known here are min_p, repeat_penalty, draft_tokens, plan, grammar and enable_thinking; Semantic Kernel also puts other settings here when it cannot read their value");
            }
        }
        return own;
    }

    static AnswerFormat? AnswerOf(ChatResponseFormat? format, string? grammar)
    {
        if (format is not ChatResponseFormatJson json) return grammar == null ? null : new AnswerFormat(null, grammar);
        if (grammar != null) throw new ArgumentException("Both a grammar and a ResponseFormat of JSON were given; a reply can follow one of them.");
        return new AnswerFormat(json.Schema, null);
    }

    static PpdPlan PlanOf(object value) => value as PpdPlan? ?? PpdPlan.Parse(value.ToString()!);

    static float Number(string key, object value)
    {
        try
        {
            return value is JsonElement json ? json.GetSingle() : Convert.ToSingle(value, CultureInfo.InvariantCulture);
        }
        catch (Exception error) when (error is FormatException or InvalidCastException or InvalidOperationException or OverflowException)
        {
            throw new ArgumentException($"AdditionalProperties[\"{key}\"] is '{value}'; a number is needed.", error);
        }
    }

    static bool Boolean(string key, object value) => bool.TryParse(value.ToString(), out var boolean)
        ? boolean
        : throw new ArgumentException($"AdditionalProperties[\"{key}\"] is '{value}'; true or false is needed.");

    static int Integer(string key, object value) => Number(key, value) is var number && float.IsInteger(number)
        ? int.CreateSaturating(number)
        : throw new ArgumentException(FormattableString.Invariant($"AdditionalProperties[\"{key}\"] is {number}; a whole number is needed."));

    static T InRange<T>(T value, string name, T least, T most) where T : INumber<T> => value >= least && value <= most
        ? value
        : throw new ArgumentOutOfRangeException(name, FormattableString.Invariant($"{name} is {value}; allowed are {least} to {most}."));

    // llama.cpp seeds with 32 bits and takes all ones for "random"
    static uint Seed(long seed) => (uint)(seed ^ (seed >> 32)) is var folded and not uint.MaxValue ? folded : 0;

    static IReadOnlyList<string> Stops(ChatOptions options)
    {
        if (options.StopSequences is not { Count: > 0 } stops) return [];
        if (stops.Count > MostStopSequences) throw new ArgumentException($"{stops.Count} stop sequences were given; at most {MostStopSequences} are allowed.");
        if (stops.Any(string.IsNullOrEmpty)) throw new ArgumentException("A stop sequence is empty; it would end every reply before it starts.");
        return [.. stops];
    }

    static NotSupportedException NotSupported(string option, string reason) => new($"{option} is not supported by Ppd: {reason}.");
}
