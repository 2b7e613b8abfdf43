namespace Ppd.Drafting;

/// <summary>
/// Which rows of a prompt-token chain a row sees, besides the text before the chain and itself. Row (i, j) is ensemble member j of prompt token i.
/// With one row per prompt token, <see cref="Ensemble"/> and <see cref="Decoder"/> are the same.
/// </summary>
enum PromptTokenMask
{
    /// <summary>Member j sees member j of the earlier prompt tokens: each member is a chain of its own.</summary>
    Ensemble,

    /// <summary>Every row sees all rows before it in file order, its earlier siblings included.</summary>
    Decoder,

    /// <summary>All members of one prompt token see each other, and nothing of other prompt tokens.</summary>
    Encoder,
}
