namespace Ppd.Grammars;

/// <summary>What a reply must match, and from where on.</summary>
/// <param name="Grammar">The grammar.</param>
sealed record GrammarConstraint(Grammar Grammar)
{
    /// <summary>The reply is free until one of these texts occurs; from its first character on it must match. Empty: from the beginning.</summary>
    internal IReadOnlyList<string> Triggers { get; init; } = [];

    /// <summary>Texts of control tokens that the grammar may spell, as a model's mark of a tool call. Other control tokens are no text.</summary>
    internal IReadOnlyList<string> Markers { get; init; } = [];
}
