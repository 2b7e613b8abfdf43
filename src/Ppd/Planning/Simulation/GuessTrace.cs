using Ppd.Drafting;

namespace Ppd.Planning.Simulation;

/// <summary>
/// A text and what prompt tokens guess at each of its places. What they guess depends on the text before them only, so any plan can be played over a trace.
/// </summary>
/// <param name="Prompt">Tokens of the prompt.</param>
/// <param name="Reply">Tokens that plain decoding gives.</param>
/// <param name="Guesses">[reply + 1][distances, or none where nothing was read] guesses read behind the prompt and behind each token of the reply, the likeliest first.</param>
sealed record GuessTrace(int[] Prompt, int[] Reply, (int Token, float Probability)[][][] Guesses)
{
    /// <summary>
    /// A trace in which the guess of rank r at distance d is right with the probability of an accuracy table, independent of everything else (algorithm.md 5.2).
    /// </summary>
    /// <param name="accuracy">[distances][ranks].</param>
    /// <param name="tokens">Tokens of the reply.</param>
    /// <param name="random">Decides.</param>
    internal static GuessTrace Draw(float[][] accuracy, int tokens, Random random)
    {
        const int Vocabulary = 1 << 20;     // so large that wrong guesses are never right by chance
        int[] reply = [.. Enumerable.Range(0, tokens).Select(_ => random.Next(Vocabulary))];
        return new GuessTrace([0], reply, [.. Enumerable.Range(0, tokens + 1).Select(place => accuracy.Select((ranks, i) => Draw(ranks, place + 1 + i)).ToArray())]);

        (int, float)[] Draw(float[] ranks, int place)
        {
            var truth = place < reply.Length ? reply[place] : -1;
            var (hit, at) = (random.NextDouble(), 0.0);
            return [.. ranks.Take(PromptTokenSource.Ranks).Select((rate, rank) =>
            {
                var right = hit >= at && hit < at + rate;
                at += rate;
                return (right ? truth : Vocabulary + rank, rate);
            })];
        }
    }
}
