using Ppd.Planning;

namespace Ppd.Tests.Planning;

/// <summary>Against the tree files of the publication and the figures that follow from them.</summary>
public sealed class PublishedStaticTreesTests
{
    // model, size; "candidates/prompt tokens" of states 1 to 3; accepted; shares of the steps; tokens per step; the publication's own objective
    public static TheoryData<string, int, string, double[], double[], double, double> Golden => new()
    {
        { "7B", 60, "10/30 20/40 20/40", [.846, 1.243, 1.255], [0, .828, .172], 2.245, 1.062 },
        { "7B", 105, "10/30 33/72 34/71", [.846, 1.343, 1.388], [0, .474, .526], 2.367, 1.184 },
        { "7B", 500, "10/30 100/300 132/368", [.846, 1.439, 1.643], [0, .036, .964], 2.636, 1.417 },
        { "13B", 60, "10/30 20/40 20/40", [.857, 1.302, 1.326], [0, .839, .161], 2.305, 1.124 },
        { "MobileLLaMA", 285, "10/30 84/201 89/196", [.746, 1.168, 1.216], [0, .216, .784], 2.206, .962 },
    };

    [Theory]
    [MemberData(nameof(Golden))]
    public void Published_trees_come_out_of_the_published_accuracies(
        string model, int size, string counts, double[] accepted, double[] shares, double tokensPerStep, double objective)
    {
        var trees = StaticTrees.Published(PublishedAccuracies.Of(model), size);

        Counts(trees).ShouldBe(counts);
        for (var state = 1; state <= 3; state++)
        {
            // the accuracies are rounded to four digits, the files to five
            trees.States[state].ExpectedAccepted.ShouldBe(accepted[state - 1], 0.001);
            trees.Stationary[state].ShouldBe(shares[state - 1], 0.0015);
        }
        trees.TokensPerStep.ShouldBe(tokensPerStep, 0.001);
        PublishedObjective(trees).ShouldBe(objective, 0.001);
    }

    [Theory]
    [InlineData(5, "2/3 2/3 2/3")]
    [InlineData(10, "4/6 5/5 5/5")]
    [InlineData(50, "10/30 17/33 17/33")]
    [InlineData(100, "10/30 32/68 33/67")]
    [InlineData(120, "10/30 37/83 39/81")]
    [InlineData(200, "10/30 56/144 60/140")]
    public void Other_published_files_come_out_too(int size, string counts) => Counts(StaticTrees.Published(PublishedAccuracies.Vicuna7B, size)).ShouldBe(counts);

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(19)]
    [InlineData(61)]
    public void Trees_hold_the_size_and_every_candidate_has_a_prompt_token(int size)
    {
        var trees = StaticTrees.Published(PublishedAccuracies.Vicuna7B, size);

        trees.States.Max(tree => tree.Rows).ShouldBeLessThanOrEqualTo(1 + 3 + size);
        trees.States.Skip(1).ShouldAllBe(tree => tree.Nodes.Count > 0 && tree.RootPrompts == 3 && tree.Nodes.All(node => node.Prompts >= 1 && node.Prompts <= 3));
        trees.States[0].ShouldSatisfyAllConditions(tree => tree.Nodes.ShouldBeEmpty(), tree => tree.RootPrompts.ShouldBe(3));
        trees.Stationary.Sum().ShouldBe(1, 1e-9);
    }

    [Fact]
    public void Candidates_are_the_most_probable_paths_with_parents_first_and_ranks_of_the_model()
    {
        // the third rank of the first distance is its best one
        var tree = StaticTrees.Published([[.2f, .1f, .6f], [.5f, .3f]], 12).States[2];

        tree.Nodes.Select(node => (node.Parent, node.Depth, node.Rank)).ShouldBe([(-1, 1, 2), (0, 2, 0), (-1, 1, 0), (0, 2, 1)]);
        tree.Nodes.Select(node => node.Reach).ShouldBe([.6f, .3f, .2f, .18f], 1e-6);
    }

    [Fact]
    public void Prompt_tokens_are_missing_first_where_acceptance_seldom_stops()
    {
        var tree = StaticTrees.Published(PublishedAccuracies.Vicuna7B, 105).States[3];
        var stops = tree.Nodes.Select((node, i) => (node.Prompts, Stop: node.Reach - tree.Nodes.Where(child => child.Parent == i).Sum(child => child.Reach)))
            .ToLookup(node => node.Prompts, node => node.Stop);

        stops.Select(group => group.Key).ShouldBe([2, 3], ignoreOrder: true);
        stops[2].Max().ShouldBeLessThan(stops[3].Min());
    }

    [Fact]
    public void Distances_beyond_the_third_do_not_make_it_slower()
    {
        float[][] five = [.. PublishedAccuracies.Vicuna7B, [.1f, .05f], [.05f]];
        StaticTrees.Published(five, 47).TokensPerStep.ShouldBeGreaterThanOrEqualTo(StaticTrees.Published(PublishedAccuracies.Vicuna7B, 47).TokensPerStep);
    }

    [Fact]
    public void Distance_that_is_never_guessed_right_has_no_candidates()
    {
        var trees = StaticTrees.Published([[.5f, .2f], [0, 0]], 12);
        trees.States[2].Nodes.Select(node => (node.Depth, node.Rank)).ShouldBe([(1, 0), (1, 1)]);
    }

    static string Counts(StaticTrees trees) => string.Join(' ', trees.States.Skip(1).Select(tree => $"{tree.Nodes.Count}/{tree.Nodes.Sum(node => node.Prompts)}"));

    // Accepted tokens per step if every step that accepts nothing were followed by an empty one.
    static double PublishedObjective(StaticTrees trees)
    {
        var nothing = trees.States.Zip(trees.Stationary, (tree, share) => share * (1 - tree.Nodes.Where(node => node.Parent < 0).Sum(node => node.Reach))).Sum();
        return (trees.TokensPerStep - 1) / (1 + nothing);
    }
}
