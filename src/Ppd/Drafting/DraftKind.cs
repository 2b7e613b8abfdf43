namespace Ppd.Drafting;

/// <summary>Where a guess comes from. Guesses of different kinds come true at different rates.</summary>
enum DraftKind
{
    /// <summary>A source that is not told apart from others.</summary>
    Other,

    /// <summary>Copied from earlier text.</summary>
    NGram,

    /// <summary>Read at a prompt token.</summary>
    PromptToken,

    /// <summary>More than one source guessed it.</summary>
    Several,

    /// <summary>Forced by a grammar, or one of few that it leaves.</summary>
    Grammar,
}
