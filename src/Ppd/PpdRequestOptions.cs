namespace Ppd;

/// <summary>
/// Options of one request that <c>ChatOptions</c> has no member for. Return one from <c>ChatOptions.RawRepresentationFactory</c>, or put the values into
/// <c>ChatOptions.AdditionalProperties</c> under <c>min_p</c>, <c>repeat_penalty</c>, <c>draft_tokens</c>, <c>plan</c>, <c>grammar</c> and
/// <c>enable_thinking</c>.
/// </summary>
public sealed class PpdRequestOptions
{
    /// <summary>Drops tokens less likely than this fraction of the most likely one, 0 to 1. Default 0.05.</summary>
    public float? MinP { get; set; }

    /// <summary>Divides positive logits of the last 64 tokens, prompt included; above 0. Default 1, which is off.</summary>
    public float? RepeatPenalty { get; set; }

    /// <summary>Most guessed tokens verified per step, 0 to 63; 0 decodes plainly. Default: the model's option of the same name.</summary>
    public int? DraftTokens { get; set; }

    /// <summary>
    /// What the reply must match, in GBNF, llama.cpp's notation; its first rule to be matched is <c>root</c>. It ends where the grammar leaves nothing to add. For JSON use
    /// <c>ChatOptions.ResponseFormat</c>. Default: nothing.
    /// </summary>
    public string? Grammar { get; set; }

    /// <summary>How the guesses of a step are chosen. Default: the model's option of the same name.</summary>
    public PpdPlan? Plan { get; set; }

    /// <summary>
    /// Whether the model thinks before it answers, for templates with such a switch; others refuse it. Default: what the template does by itself.
    /// </summary>
    public bool? EnableThinking { get; set; }

    /// <summary>
    /// Told of every forward pass: what was guessed, what it cost, what came true. Called on the engine's thread, which serves all requests, so it should return at once;
    /// an exception ends the reply.
    /// </summary>
    public Action<PpdStep>? OnStep { get; set; }
}
