namespace Ppd;

/// <summary>What one reply took. Found in <c>AdditionalProperties</c> of the response and of the last streamed update, under <see cref="Key"/>.</summary>
public sealed record PpdGenerationStatistics
{
    /// <summary>Key in <c>AdditionalProperties</c>.</summary>
    public const string Key = "ppd";

    /// <summary>Tokens of the rendered prompt.</summary>
    public int PromptTokens { get; init; }

    /// <summary>Prompt tokens that were still in the cache from an earlier request and were not decoded again.</summary>
    public int CachedPromptTokens { get; init; }

    /// <summary>Tokens of the reply.</summary>
    public int GeneratedTokens { get; init; }

    /// <summary>Tokens of the first forward pass behind the prompt: one, and guesses that were right.</summary>
    public int FirstTokens { get; init; }

    /// <summary>Forward passes that produced tokens of this reply; plain decoding takes one per token.</summary>
    public int Steps { get; init; }

    /// <summary>Rows decoded for this reply after the prompt: one per step, one per proposed token, and those of the prompt tokens.</summary>
    public int Rows { get; init; }

    /// <summary>Draft tokens that were verified.</summary>
    public int ProposedTokens { get; init; }

    /// <summary>Draft tokens that turned out right.</summary>
    public int AcceptedTokens { get; init; }

    /// <summary>How many of them the plan expected to be right: the sum of their probabilities.</summary>
    public double ExpectedAcceptedTokens { get; init; }

    /// <summary>Time from the request to its start.</summary>
    public TimeSpan QueueTime { get; init; }

    /// <summary>Time from the start to the end of the first forward pass behind the prompt, which brings <see cref="FirstTokens"/>.</summary>
    public TimeSpan PrefillTime { get; init; }

    /// <summary>Time from then to the last token.</summary>
    public TimeSpan DecodeTime { get; init; }

    /// <summary>Mean tokens drawn per forward pass, the one that ends the reply included; 1 for plain decoding.</summary>
    /// <remarks>The publication's acceptance length: every pass draws one token more than it accepts.</remarks>
    public double TokensPerStep => Steps == 0 ? 0 : 1 + ((double)AcceptedTokens / Steps);

    /// <summary>Mean rows per forward pass.</summary>
    public double RowsPerStep => Steps == 0 ? 0 : (double)Rows / Steps;

    /// <summary>Tokens per second of <see cref="DecodeTime"/>: those of the first forward pass are not counted, nor is its time. 0 where there are no others.</summary>
    public double TokensPerSecond => GeneratedTokens <= FirstTokens || DecodeTime <= TimeSpan.Zero ? 0 : (GeneratedTokens - FirstTokens) / DecodeTime.TotalSeconds;

    /// <summary>One line for a log or a terminal.</summary>
    public override string ToString() => string.Create(System.Globalization.CultureInfo.InvariantCulture,
        $"{GeneratedTokens} tokens in {Steps} steps ({TokensPerStep:0.00} a step, {RowsPerStep:0.0} rows), {AcceptedTokens} of {ProposedTokens} drafts right, " +
        $"{TokensPerSecond:0.0} tokens/s; prompt {PromptTokens} tokens ({CachedPromptTokens} cached) in {PrefillTime.TotalMilliseconds:0} ms");
}
