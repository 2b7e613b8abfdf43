using Ppd.Decoding;
using Ppd.Native;

namespace Ppd.Drafting;

/// <summary>
/// Guesses read at the prompt tokens of the last accepted node: distance d guesses the d-th token after the root. A guess depends on its distance and rank only
/// (conditional independence given the chain, algorithm.md 4.3), so the tree is every combination of ranks, likeliest first.
/// </summary>
sealed class PromptTokenSource(PromptTokens tokens) : IDraftSource
{
    /// <summary>Most guesses per distance, as in the publication.</summary>
    internal const int Ranks = 10;

    const float Tie = 1e-3f;
    const int MostCandidates = 64;      // no plan has more rows
    const float LeastReach = 1e-3f;     // no plan wants less

    readonly TokenData[] _top = new TokenData[Ranks];
    readonly (int Token, float Probability)[] _guesses = new (int, float)[tokens.Count * Ranks];
    readonly int[] _ranks = new int[tokens.Count];
    readonly PriorityQueue<(int Parent, int Distance, int Rank), float> _open = new();
    int _distances;

    /// <summary>Distances at which there are guesses for the next step.</summary>
    internal int Distances => _distances;

    /// <inheritdoc/>
    /// <remarks>What was guessed before is out of date then.</remarks>
    public void Observe(ReadOnlySpan<int> tokens) => _distances = 0;

    /// <summary>Takes the guesses of the next distance, 1 being the first, from the mean logits [vocabulary] of a prompt token.</summary>
    internal void Look(ReadOnlySpan<float> logits)
    {
        var count = LogitRow.Top(logits, _top);
        if (count == 0)
        {
            _ranks[_distances++] = 0;   // not numbers: nothing is guessed at this distance or beyond; what is emitted is checked where it is drawn
            return;
        }
        var sum = LogitRow.SumOfExponentials(logits, _top[0].Logit);
        for (var rank = 0; rank < count; rank++)
        {
            var softmax = MathF.Exp(_top[rank].Logit - _top[0].Logit) / sum;
            // guesses in one bin of the calibration are ordered by what the model says
            _guesses[(_distances * Ranks) + rank] = (_top[rank].Id, tokens.Probability(_distances + 1, rank, softmax) * (1 + (Tie * softmax)));
        }
        _ranks[_distances++] = count;
    }

    /// <summary>Takes the guesses of the next distance as they were read before, the likeliest first.</summary>
    internal void Look(ReadOnlySpan<(int Token, float Probability)> guesses)
    {
        guesses.CopyTo(_guesses.AsSpan(_distances * Ranks));
        _ranks[_distances++] = guesses.Length;
    }

    /// <summary>Guesses at a distance, from 1 to <see cref="Distances"/>, the likeliest first.</summary>
    internal ReadOnlySpan<(int Token, float Probability)> Guesses(int distance) => _guesses.AsSpan((distance - 1) * Ranks, _ranks[distance - 1]);

    /// <inheritdoc/>
    public void Propose(TokenTree candidates, int maxDepth)
    {
        _open.Clear();
        Open(candidates, 0, 1, 0);
        var least = Math.Max(LeastReach, candidates.LeastReach);
        for (var added = 0; added < MostCandidates && _open.TryDequeue(out var next, out var negativeReach) && -negativeReach >= least; added++)
        {
            var (parent, distance, rank) = next;
            var (token, probability) = Guess(distance, rank);
            var node = candidates.Add(parent, token, probability, DraftKind.PromptToken);
            Open(candidates, parent, distance, rank + 1);
            if (distance < maxDepth) Open(candidates, node, distance + 1, 0);
        }
    }

    void Open(TokenTree candidates, int parent, int distance, int rank)
    {
        if (distance <= _distances && rank < _ranks[distance - 1])
            _open.Enqueue((parent, distance, rank), -candidates.Reach(parent) * Guess(distance, rank).Probability);
    }

    (int Token, float Probability) Guess(int distance, int rank) => _guesses[((distance - 1) * Ranks) + rank];
}
