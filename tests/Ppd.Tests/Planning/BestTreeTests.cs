using Ppd.Decoding;
using Ppd.Drafting;
using Ppd.Planning;

namespace Ppd.Tests.Planning;

/// <summary>The planner's trees against all there are.</summary>
public sealed class BestTreeTests
{
    // All trees of the candidates with all chains, on random inputs: none is worth more than the one that is found.
    [Fact]
    public void Plan_is_as_good_as_the_best_of_all_trees()
    {
        var random = new Random(3);
        var (short_, worst) = (0, 0.0);
        for (var round = 0; round < 300; round++)
        {
            var perRow = 0.05 + (0.5 * random.NextDouble());
            float[] hits = [0.8f * random.NextSingle(), 0.4f * random.NextSingle()];
            var planner = new Planner(new CostCurve(PlannerTests.Linear(perRow)), hits, 1);
            var size = random.Next(1, 7);
            var seed = random.Next();
            var request = PlannerTests.Request(planner, tree =>
            {
                var shape = new Random(seed);
                while (tree.Count < size)
                {
                    var parent = shape.Next(tree.Count);
                    var left = 1f;
                    for (var child = tree.FirstChild(parent); child >= 0; child = tree.NextSibling(child)) left -= tree.Reach(child) / tree.Reach(parent);
                    tree.Add(parent, 10 + tree.Count, left * shape.NextSingle(), DraftKind.NGram);
                }
            }, reads: true);
            planner.Plan([request], 0);
            var best = Best(request.Candidates, [.. request.Covered.Select(covered => request.Chains[covered].Values)], planner.Price * perRow, out var bestWithChosen, request.Tree);
            bestWithChosen.ShouldBeGreaterThanOrEqualTo(-1e-4, "the plan is worse than none");
            if (bestWithChosen < best - 1e-4) short_++;
            worst = Math.Max(worst, best - bestWithChosen);
        }
        short_.ShouldBeLessThan(15);        // greedy choice and chains that would pay only together
        worst.ShouldBeLessThan(0.05);       // tokens
    }

    static double Best(TokenTree candidates, float[][] values, double price, out double chosen, TokenTree plan)
    {
        var best = 0.0;
        var inTree = new bool[candidates.Count];
        var chains = new int[candidates.Count];
        void Try(int node)
        {
            if (node == candidates.Count)
            {
                best = Math.Max(best, Value(candidates, inTree, chains, values, price));
                return;
            }
            inTree[node] = false;
            if (node > 0) Try(node + 1);
            if (node > 0 && !inTree[candidates.Parent(node)]) return;
            inTree[node] = true;
            for (chains[node] = 0; chains[node] < values[0].Length; chains[node]++) Try(node + 1);
            (inTree[node], chains[node]) = (false, 0);
        }
        Try(0);
        // the plan, as a choice among the candidates
        Array.Clear(inTree);
        Array.Clear(chains);
        var nodes = new int[plan.Count];
        for (var node = 0; node < plan.Count; node++)
        {
            nodes[node] = node == 0 ? 0 : candidates.Find(nodes[plan.Parent(node)], plan.Token(node));
            (inTree[nodes[node]], chains[nodes[node]]) = (true, plan.Prompts(node));
        }
        chosen = Value(candidates, inTree, chains, values, price);
        return best;
    }

    static double Value(TokenTree candidates, bool[] inTree, int[] chains, float[][] values, double price)
    {
        var value = 0.0;
        for (var node = 0; node < candidates.Count; node++)
        {
            if (!inTree[node]) continue;
            double stop = candidates.Reach(node);
            for (var child = candidates.FirstChild(node); child >= 0; child = candidates.NextSibling(child))
                if (inTree[child]) stop -= candidates.Reach(child);
            value += (node > 0 ? candidates.Reach(node) - price : 0) + (stop * values[node][chains[node]]) - (price * chains[node]);
        }
        return value;
    }
}
