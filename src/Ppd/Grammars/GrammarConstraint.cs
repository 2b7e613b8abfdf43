namespace Ppd.Grammars;

/// <summary>What a reply must match, from its first token to its last.</summary>
/// <param name="grammar">The grammar.</param>
sealed class GrammarConstraint(Grammar grammar)
{
    readonly Lock _gate = new();
    GrammarMachine? _machine;

    internal Grammar Grammar => grammar;

    /// <summary>Texts of control tokens that the grammar may spell, as a model's mark of a tool call. Other control tokens are no text.</summary>
    internal IReadOnlyList<string> Markers { get; init; } = [];

    /// <summary>
    /// The machine that all requests under this constraint share, so that what one has found out serves the others. Only the engine's loop may run it: it is not safe for
    /// concurrent use. One that has grown too large is left to the requests that have it.
    /// </summary>
    internal GrammarMachine Machine(GrammarVocabulary vocabulary)
    {
        lock (_gate)
            return _machine is { IsFull: false } known && known.Vocabulary == vocabulary ? known : _machine = new GrammarMachine(this, vocabulary);
    }
}
