using System.Text;
using Ppd.Native;
using Ppd.Planning;

namespace Ppd.Decoding;

/// <summary>Tells a request's observer about a step.</summary>
sealed class StepReport(LlamaVocabulary vocabulary, Planner planner)
{
    /// <summary>The likeliest candidate that is not in the tree though its parent is; null if there is none. To be asked before the candidates are given away.</summary>
    internal static (int Token, float Reach)? LeftOut(RequestPlan plan)
    {
        (int Token, float Reach)? best = null;
        var (candidates, tree) = (plan.Candidates, plan.Tree);
        Span<int> nodes = candidates.Count <= 256 ? stackalloc int[candidates.Count] : new int[candidates.Count];
        for (var node = 1; node < candidates.Count; node++)
        {
            var parent = candidates.Parent(node) == 0 ? 0 : nodes[candidates.Parent(node)];
            nodes[node] = parent < 0 ? -1 : tree.Find(parent, candidates.Token(node));
            if (parent >= 0 && nodes[node] < 0 && !candidates.Ends(node) && !(candidates.Reach(node) <= best?.Reach)) best = (candidates.Token(node), candidates.Reach(node));
        }
        return best;
    }

    /// <param name="slot">Of the request, after verification.</param>
    /// <param name="root">The token that the step began with.</param>
    /// <param name="drawn">Tokens emitted, the last one drawn behind the right guesses.</param>
    /// <param name="leftOut">See <see cref="LeftOut(RequestPlan)"/>.</param>
    /// <param name="trees">Of the trees of all requests; rows of prompts are not in it.</param>
    /// <param name="requests">Their number.</param>
    /// <param name="milliseconds">Its time.</param>
    internal PpdStep Make(Slot slot, int root, ReadOnlySpan<int> drawn, (int Token, float Reach)? leftOut, StepShape trees, int requests, double milliseconds)
    {
        var (plan, tree) = (slot.Plan, slot.Plan.Tree);
        HashSet<int> accepted = [];
        for (var node = slot.AcceptedNode; node > 0; node = tree.Parent(node)) accepted.Add(node);
        return new PpdStep
        {
            Number = slot.Generation!.Steps,
            Root = Text(root),
            RootPromptTokens = tree.Prompts(0),
            Guesses = [.. Enumerable.Range(1, tree.Count - 1).Select(node =>
                new PpdGuess(tree.Parent(node) - 1, Text(tree.Token(node)), (PpdGuessSource)tree.Kind(node), tree.Reach(node), tree.Prompts(node), accepted.Contains(node)))],
            Drawn = drawn.Length > accepted.Count ? Text(drawn[accepted.Count]) : null,
            Rows = tree.Count + (tree.PromptCount * plan.Ensemble),
            Time = TimeSpan.FromMilliseconds(milliseconds),
            ExpectedTime = TimeSpan.FromMilliseconds(planner.Cost(trees)),
            PlainTime = TimeSpan.FromMilliseconds(planner.Milliseconds(requests)),
            TokensPerMillisecond = planner.Price,
            RowPrice = Math.Max(0, planner.Price * planner.LeastPerRow(trees.Rows)),
            LeftOut = leftOut is { } left ? (Text(left.Token), left.Reach) : null,
            ChainValues = [.. plan.Chains[plan.Covered[0]].Values.Select(value => (double)value)],
        };
    }

    string Text(int token) => Encoding.UTF8.GetString(vocabulary.Piece(token));
}
