namespace Ppd;

/// <summary>Where a guess came from.</summary>
public enum PpdGuessSource
{
    /// <summary>A source of no known kind.</summary>
    Other,

    /// <summary>Copied from earlier text.</summary>
    NGram,

    /// <summary>Read at a trained prompt token.</summary>
    PromptToken,

    /// <summary>More than one source guessed it.</summary>
    Several,

    /// <summary>Forced by a grammar, or one of few continuations that it leaves.</summary>
    Grammar,
}

/// <summary>A token of the tree that a step verified.</summary>
/// <param name="Parent">Index of the guess before it in the step's list; -1 is the token that the step began with.</param>
/// <param name="Text">The token as text; bytes that are no whole character are shown as U+FFFD.</param>
/// <param name="Source">Where it came from.</param>
/// <param name="Probability">Estimate, made before the step, that it and all before it are right.</param>
/// <param name="PromptTokens">Prompt tokens that hung under it, to guess what follows.</param>
/// <param name="Accepted">Whether it was right.</param>
public sealed record PpdGuess(int Parent, string Text, PpdGuessSource Source, double Probability, int PromptTokens, bool Accepted);

/// <summary>What one forward pass did for a reply, and why its tree was chosen. See <see cref="PpdRequestOptions.OnStep"/>.</summary>
public sealed record PpdStep
{
    /// <summary>Counted from 1 within the reply.</summary>
    public required int Number { get; init; }

    /// <summary>The token that the step began with: emitted before, decoded now.</summary>
    public required string Root { get; init; }

    /// <summary>Prompt tokens under the root.</summary>
    public required int RootPromptTokens { get; init; }

    /// <summary>The guesses that were verified, parents first.</summary>
    public required IReadOnlyList<PpdGuess> Guesses { get; init; }

    /// <summary>The token that followed the last right guess: not guessed, drawn. Null if the reply ended there.</summary>
    public required string? Drawn { get; init; }

    /// <summary>
    /// What of the answer this pass made certain. Unlike the tokens' texts it has whole characters only, and nothing that may yet turn out to be a stop sequence or a call: a
    /// later pass, or the end of the reply, brings that.
    /// </summary>
    public string Text { get; init; } = "";

    /// <summary>Rows of the request in this pass, prompt tokens included.</summary>
    public required int Rows { get; init; }

    /// <summary>Right guesses.</summary>
    public int Accepted => Guesses.Count(guess => guess.Accepted);

    /// <summary>Time of the pass with everything around it; all requests that shared it.</summary>
    public required TimeSpan Time { get; init; }

    /// <summary>What the pass was expected to take for the trees of all requests. Rows of prompts that it decoded too are not in it.</summary>
    public required TimeSpan ExpectedTime { get; init; }

    /// <summary>What a pass of plain decoding is expected to take for the same requests.</summary>
    public required TimeSpan PlainTime { get; init; }

    /// <summary>Tokens that a millisecond had to bring to be worth spending: the engine's own speed. The price of every row follows from it.</summary>
    public required double TokensPerMillisecond { get; init; }

    /// <summary>Tokens that one row more had to bring; the guesses left out were expected to bring less.</summary>
    public required double RowPrice { get; init; }

    /// <summary>The likeliest guess that was left out, with the probability that it and all before it are right; null if there was none.</summary>
    public required (string Text, double Probability)? LeftOut { get; init; }

    /// <summary>[distances + 1] tokens that guesses at so many distances are expected to bring at the next step: what prompt tokens are worth. Only 0 without them.</summary>
    public required IReadOnlyList<double> ChainValues { get; init; }
}
