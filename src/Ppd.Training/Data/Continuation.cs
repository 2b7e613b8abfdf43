namespace Ppd.Training.Data;

/// <summary>A held-out prefix and the model's own greedy continuation: what guesses are measured against.</summary>
/// <param name="Tokens">Prefix and continuation.</param>
/// <param name="Start">Where the continuation starts.</param>
sealed record Continuation(int[] Tokens, int Start)
{
    /// <summary>Places to hang a chain: the last prefix token and each continuation token with all guesses inside the continuation.</summary>
    public int[] Points(int count) => [.. Enumerable.Range(Start - 1, Math.Max(0, Tokens.Length - Start - count))];
}
