using Ppd.Planning;

namespace Ppd.Tests.Planning;

/// <summary>Decoding where the right token has a rank drawn from the accuracies: what the trees promise must come about.</summary>
public sealed class StaticTreeSimulationTests
{
    const int Steps = 300_000;

    [Theory]
    [InlineData(5)]
    [InlineData(60)]
    public void Published_trees_keep_their_promise(int size) => Check(StaticTrees.Published(PublishedAccuracies.Vicuna7B, size));

    [Theory]
    [InlineData(2)]
    [InlineData(12)]
    [InlineData(64)]
    public void Optimal_trees_keep_their_promise(int rows) => Check(StaticTrees.Optimal(PublishedAccuracies.Vicuna7B, rows));

    static void Check(StaticTrees trees)
    {
        var random = new Random(1);
        var visits = new int[trees.States.Count];
        var (state, tokens) = (trees.States.Count - 1, 0);
        for (var step = 0; step < Steps; step++)
        {
            visits[state]++;
            var tree = trees.States[state];
            var (node, prompts) = (-1, tree.RootPrompts);
            for (var depth = 1; ; depth++)
            {
                tokens++;
                var rank = depth > state ? -1 : Draw(random, PublishedAccuracies.Vicuna7B[depth - 1]);
                var child = -1;
                for (var i = 0; i < tree.Nodes.Count; i++)
                    if (tree.Nodes[i].Parent == node && tree.Nodes[i].Rank == rank) child = i;
                if (child < 0) break;
                (node, prompts) = (child, tree.Nodes[child].Prompts);
            }
            state = prompts;
        }

        ((double)tokens / Steps).ShouldBe(trees.TokensPerStep, 0.01);
        for (var i = 0; i < visits.Length; i++) ((double)visits[i] / Steps).ShouldBe(trees.Stationary[i], 0.01);
    }

    // Rank of the right token; -1 where it is not in the table.
    static int Draw(Random random, float[] accuracy)
    {
        var left = random.NextDouble();
        for (var rank = 0; rank < accuracy.Length; rank++)
            if ((left -= accuracy[rank]) < 0) return rank;
        return -1;
    }
}
