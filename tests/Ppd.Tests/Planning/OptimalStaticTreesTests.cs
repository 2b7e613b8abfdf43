using Ppd.Planning;

namespace Ppd.Tests.Planning;

public sealed class OptimalStaticTreesTests
{
    static readonly int[] TableSizes = [1, 6, 8, 10, 12, 16, 24, 32, 48, 64, 109, 204];

    // Tokens per step. A price per row, bisected to the budget, comes to the same two digits or, where it leaves rows unused, less: at 10, 16, 24 and 48 by a hundredth or two.
    [Theory]
    [InlineData("7B", 3, "1:1.0000 6:1.6268 8:1.7004 9:1.7256 10:1.7561 12:1.8103 14:1.8529 16:1.8878 24:1.9980 32:2.0732 48:2.1777 64:2.2447 109:2.3667 204:2.4862")]
    [InlineData("7B", 2, "6:1.6268 8:1.7004 10:1.7561 12:1.8103 16:1.8878 24:1.9980 32:2.0732 48:2.1777 64:2.2443 109:2.3523")]
    [InlineData("7B", 1, "6:1.6268 8:1.7004 10:1.7458 12:1.7766 16:1.8148 24:1.8458 32:1.8458")]
    [InlineData("MobileLLaMA", 3, "6:1.4958 8:1.5704 10:1.6177 12:1.6519 16:1.7096 24:1.7978 32:1.8564 48:1.9349 64:1.9918 109:2.0831")]
    [InlineData("MobileLLaMA", 2, "6:1.4958 8:1.5704 10:1.6177 12:1.6519 16:1.7096 24:1.7978 32:1.8564 48:1.9349 64:1.9918 109:2.0830")]
    public void Tokens_per_step_by_rows(string model, int prompts, string expected)
    {
        var accuracy = PublishedAccuracies.Of(model)[..prompts];
        var sizes = expected.Split(' ').Select(pair => int.Parse(pair.Split(':')[0]));
        string.Join(' ', sizes.Select(rows => FormattableString.Invariant($"{rows}:{StaticTrees.Optimal(accuracy, rows).TokensPerStep:F4}"))).ShouldBe(expected);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public void No_trees_of_so_many_rows_yield_more(int rows) =>
        StaticTrees.Optimal(EveryStaticTree.Accuracy, rows).TokensPerStep.ShouldBe(EveryStaticTree.MostTokensPerMillisecond(rows, _ => 1), 1e-5);

    [Theory]
    [InlineData(.02)]
    [InlineData(.15)]
    [InlineData(.4)]
    public void No_trees_yield_more_per_millisecond(double perRow)
    {
        // four rows take longer than five
        double Milliseconds(int rows) => 1 + (perRow * (rows - 1)) + (rows == 4 ? 1.5 * perRow : 0);
        StaticTrees.Optimal(EveryStaticTree.Accuracy, Milliseconds, 6).TokensPerMillisecond(Milliseconds).ShouldBe(EveryStaticTree.MostTokensPerMillisecond(6, Milliseconds), 1e-5);
    }

    [Fact]
    public void No_tree_has_more_rows_than_allowed()
    {
        for (var rows = 1; rows <= 64; rows++)
            StaticTrees.Optimal(PublishedAccuracies.Vicuna7B, rows).States.Max(tree => tree.Rows).ShouldBeInRange(Math.Min(rows, 2), rows);
    }

    [Fact]
    public void Optimum_is_at_least_what_was_published_in_as_many_rows()
    {
        foreach (var size in new[] { 5, 10, 20, 35, 60, 105 })
        {
            var published = StaticTrees.Published(PublishedAccuracies.Vicuna7B, size).TokensPerStep;
            StaticTrees.Optimal(PublishedAccuracies.Vicuna7B, 4 + size).TokensPerStep.ShouldBeInRange(published - 1e-5, published * (size < 20 ? 1.07 : 1.01));
        }
    }

    [Fact]
    public void Small_trees_leave_prompt_tokens_out()
    {
        var trees = StaticTrees.Optimal(PublishedAccuracies.Vicuna7B, 9);

        trees.States[2].Nodes.ShouldContain(node => node.Prompts == 0);
        trees.States[2].RootPrompts.ShouldBeLessThan(3);
        trees.Stationary[3].ShouldBe(0, 1e-6);
    }

    [Fact]
    public void Nodes_form_trees_no_deeper_than_their_state()
    {
        var trees = StaticTrees.Optimal(PublishedAccuracies.Vicuna7B, 64);

        for (var state = 0; state <= 3; state++)
        {
            var nodes = trees.States[state].Nodes;
            (nodes.Count == 0 ? 0 : nodes.Max(node => node.Depth)).ShouldBe(state);
            for (var i = 0; i < nodes.Count; i++)
            {
                var (depth, reach) = nodes[i].Parent < 0 ? (0, 1f) : (nodes[nodes[i].Parent].Depth, nodes[nodes[i].Parent].Reach);
                nodes[i].Parent.ShouldBeLessThan(i);
                nodes[i].Depth.ShouldBe(depth + 1);
                nodes[i].Reach.ShouldBe(reach * PublishedAccuracies.Vicuna7B[depth][nodes[i].Rank], 1e-6f);
            }
            nodes.Select(node => (node.Parent, node.Rank)).ShouldBeUnique();
        }
    }

    // Every row costs a part of a step: best of these numbers of rows and its speedup.
    [Theory]
    [InlineData(.001, 109, 2.14)]
    [InlineData(.002, 64, 1.99)]
    [InlineData(.005, 32, 1.79)]
    [InlineData(.01, 16, 1.64)]
    [InlineData(.02, 8, 1.49)]
    [InlineData(.03, 6, 1.41)]
    [InlineData(.05, 6, 1.30)]
    [InlineData(.08, 6, 1.16)]
    [InlineData(.1, 6, 1.08)]
    [InlineData(.13, 1, 1)]
    public void Break_even_among_sizes_of_the_table(double perRow, int best, double speedup)
    {
        double Milliseconds(int rows) => 1 + (perRow * (rows - 1));
        var speedups = TableSizes.ToDictionary(rows => rows, rows => StaticTrees.Optimal(PublishedAccuracies.Vicuna7B, rows).TokensPerStep / Milliseconds(rows));

        speedups.MaxBy(size => size.Value).Key.ShouldBe(best);
        speedups[best].ShouldBe(speedup, 0.005);
        // sizes between these, and another for every state, do no worse
        StaticTrees.Optimal(PublishedAccuracies.Vicuna7B, Milliseconds, 204).TokensPerMillisecond(Milliseconds).ShouldBeGreaterThanOrEqualTo(speedups[best] - 1e-5);
    }

    // Two rows yield 1.2417 tokens, so guesses pay up to there, not only where six rows do.
    [Theory]
    [InlineData(.125, 1.106)]
    [InlineData(.24, 1.0013)]
    [InlineData(.242, 1)]
    public void Guesses_pay_while_two_rows_do(double perRow, double speedup)
    {
        double Milliseconds(int rows) => 1 + (perRow * (rows - 1));
        var trees = StaticTrees.Optimal(PublishedAccuracies.Vicuna7B, Milliseconds, 64);

        trees.TokensPerMillisecond(Milliseconds).ShouldBe(speedup, 0.0001);
        (trees.States[0].Rows == 1).ShouldBe(speedup == 1);
    }

    [Fact]
    public void Size_ends_where_a_step_becomes_dear()
    {
        double Milliseconds(int rows) => rows <= 8 ? 1 + (rows * 0.001) : 3;
        var trees = StaticTrees.Optimal(PublishedAccuracies.Vicuna7B, Milliseconds, 64);
        trees.States.Max(tree => tree.Rows).ShouldBe(8);
    }
}
