using Ppd.Grammars;

namespace Ppd.Decoding;

/// <summary>How a token is drawn from a row of logits. Defaults are llama.cpp's own.</summary>
/// <param name="Temperature">Divides the logits; 0 means the most likely token (greedy).</param>
/// <param name="TopK">Keeps the k most likely tokens; 0 keeps all.</param>
/// <param name="TopP">Keeps the most likely tokens up to this total probability; 1 keeps all.</param>
/// <param name="MinP">Drops tokens less likely than this fraction of the most likely one; 0 drops none.</param>
/// <param name="RepeatPenalty">Divides positive logits of the last <see cref="PenaltyWindow"/> tokens, prompt included; 1 is off.</param>
/// <param name="FrequencyPenalty">Subtracted from a logit per occurrence in the window; 0 is off.</param>
/// <param name="PresencePenalty">Subtracted once from the logit of a token that occurs in the window; 0 is off.</param>
/// <param name="Seed">Start of the random numbers; the same seed gives the same reply.</param>
sealed record SamplingSettings(
    float Temperature = 0.8f, int TopK = 40, float TopP = 0.95f, float MinP = 0.05f,
    float RepeatPenalty = 1, float FrequencyPenalty = 0, float PresencePenalty = 0, uint Seed = 0)
{
    /// <summary>What the reply must match; null leaves it free. Forbidden tokens are ruled out before anything else is done to the logits.</summary>
    internal GrammarConstraint? Grammar { get; init; }

    /// <summary>Tokens that the penalties look back over.</summary>
    internal const int PenaltyWindow = 64;

    /// <summary>Always the most likely token.</summary>
    internal static SamplingSettings Greedy { get; } = new(Temperature: 0);

    // below this, logits divided by the temperature leave the range of a float; only exact ties could still be drawn apart
    const float LeastTemperature = 1e-7f;

    internal bool IsGreedy => Temperature < LeastTemperature || TopK == 1;

    internal bool HasPenalties => RepeatPenalty != 1 || FrequencyPenalty != 0 || PresencePenalty != 0;

    /// <summary>Whether penalties can only make a token less likely, so that the best tokens before them contain the best after them.</summary>
    internal bool PenaltiesOnlyLower => RepeatPenalty >= 1 && FrequencyPenalty >= 0 && PresencePenalty >= 0;
}
