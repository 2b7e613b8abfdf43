using Ppd.Decoding;
using Ppd.Native;

namespace Ppd.Tests.Decoding;

public sealed class TokenTreeTests
{
    [Fact]
    public void Adding_the_same_guess_twice_keeps_one_node_with_the_higher_probability()
    {
        var tree = Tree(1);
        var first = tree.Add(0, 5, 0.2f);
        tree.Add(0, 5, 0.6f).ShouldBe(first);
        tree.Add(0, 5, 0.1f).ShouldBe(first);
        tree.Count.ShouldBe(2);
        tree.Reach(first).ShouldBe(0.6f);
    }

    [Fact]
    public void Claims_of_several_sources_for_one_place_sum_to_one_at_most_and_the_surest_is_believed()
    {
        var tree = Tree(1);
        tree.Add(0, 5, 0.5f);
        tree.Add(0, 6, 0.9f);
        tree.Add(0, 7, 0.3f);
        var below = tree.Add(1, 8, 0.6f);
        tree.Add(1, 9, 0.4f);
        tree.Reconcile();
        tree.Prior(2).ShouldBe(0.9f);
        tree.Prior(1).ShouldBe(0.1f, 1e-6f);
        tree.Prior(3).ShouldBe(0);
        (tree.Prior(below), tree.Prior(below + 1)).ShouldBe((0.6f, 0.4f));     // no more than one: as they were
    }

    [Fact]
    public void Find_sees_only_children_of_the_given_node()
    {
        var tree = Tree(1);
        var five = tree.Add(0, 5, 0.5f);
        var six = tree.Add(five, 6, 0.5f);
        tree.Find(0, 5).ShouldBe(five);
        tree.Find(five, 6).ShouldBe(six);
        tree.Find(0, 6).ShouldBe(-1);
        (tree.Depth(six), tree.Parent(six), tree.Reach(six)).ShouldBe((2, five, 0.25f));
    }

    [Fact]
    public void Every_path_gets_its_own_number_and_nodes_the_range_of_paths_through_them()
    {
        var random = new Random(11);
        for (var round = 0; round < 200; round++)
        {
            var tree = Tree(0);
            var size = random.Next(1, 60);
            while (tree.Count < size) tree.Add(random.Next(tree.Count), random.Next(100), 0.5f);
            var layout = new TreeLayout(ensemble: 1);
            layout.Number(tree, available: 1);

            var leaves = Enumerable.Range(0, tree.Count).Where(n => tree.FirstChild(n) < 0).ToList();
            layout.Paths.ShouldBe(leaves.Count);
            leaves.Select(layout.FirstPath).Order().ShouldBe(Enumerable.Range(0, leaves.Count));
            for (var node = 0; node < tree.Count; node++)
                Enumerable.Range(0, layout.Paths).Where(p => layout.Contains(node, p))
                    .ShouldBe(leaves.Where(l => IsBelow(tree, l, node)).Select(layout.FirstPath).Order());
        }
    }

    [Fact]
    public void Chains_of_prompt_tokens_are_paths_of_their_own_and_leaves_share_them()
    {
        var random = new Random(12);
        for (var round = 0; round < 200; round++)
        {
            var tree = Tree(0);
            var size = random.Next(1, 30);
            while (tree.Count < size) tree.Add(random.Next(tree.Count), random.Next(100), 0.5f);
            for (var node = 0; node < tree.Count; node++) tree.AddPrompts(node, random.Next(4));
            var ensemble = random.Next(1, 4);
            var layout = new TreeLayout(ensemble);
            layout.Number(tree, available: 1);

            var endings = Enumerable.Range(0, tree.Count).Select(n => tree.Prompts(n) > 0 ? ensemble : tree.FirstChild(n) < 0 ? 1 : 0).ToList();
            layout.Paths.ShouldBe(endings.Sum());
            List<int> lengths = [];
            for (var node = 0; node < tree.Count; node++)
            {
                var below = Enumerable.Range(0, tree.Count).Where(n => IsBelow(tree, n, node)).ToList();
                Enumerable.Range(0, layout.Paths).Where(p => layout.Contains(node, p)).ShouldBe(
                    below.SelectMany(n => Enumerable.Range(layout.FirstPath(n), endings[n])).Order());
                lengths.AddRange(Enumerable.Repeat(tree.Depth(node) + 1 + tree.Prompts(node), endings[node]));
            }
            Enumerable.Range(0, layout.Paths).Select(layout.Length).Order().ShouldBe(lengths.Order());
        }
    }

    [Theory]
    [InlineData(64, 3)]     // 6 rows have 3 paths at least
    [InlineData(2, 2)]      // as far as there are ids
    [InlineData(1, 1)]
    public void Chain_gets_the_paths_that_trees_of_its_size_have_and_they_end_at_the_root(int available, int paths)
    {
        var tree = Tree(0);
        for (var node = 0; node < 5; node++) tree.Add(node, 10 + node, 0.5f);
        var layout = new TreeLayout(ensemble: 1);
        layout.Number(tree, available);
        layout.Paths.ShouldBe(paths);
        Enumerable.Range(0, paths).Select(layout.Length).ShouldBe([6, .. Enumerable.Repeat(1, paths - 1)]);
        Enumerable.Range(0, paths).ShouldAllBe(path => layout.Contains(0, path));
        Enumerable.Range(1, 5).ShouldAllBe(node => Enumerable.Range(0, paths).Count(path => layout.Contains(node, path)) == 1);
    }

    [Fact]
    public void Rows_carry_positions_by_depth_and_all_want_logits()
    {
        var tree = Tree(9);
        var left = tree.Add(0, 5, 0.5f);
        tree.Add(0, 6, 0.5f);
        tree.Add(left, 7, 0.5f);
        var layout = new TreeLayout(ensemble: 1);
        layout.Number(tree, available: 1);
        using var batch = new LlamaBatch(8, 4);
        layout.AddRows(tree, position: 100, [20, 21], new StepBatch(batch, prompts: null));
        batch.Count.ShouldBe(4);
        batch.Outputs.ShouldBe(4);
        Positions(batch).ShouldBe([100, 101, 101, 102]);
        layout.Row(3).ShouldBe(3);
    }

    [Fact]
    public void Rows_behind_which_the_next_token_is_known_want_no_logits()
    {
        var tree = Tree(9);
        var known = tree.Add(tree.Add(0, 5, 0.5f), 7, 1);
        tree.MarkCertain(known);
        tree.MarkCertain(tree.Add(known, 8, 1));
        var layout = new TreeLayout(ensemble: 1);
        layout.Number(tree, available: 1);
        using var batch = new LlamaBatch(8, 4);
        layout.AddRows(tree, position: 100, [20], new StepBatch(batch, prompts: null));
        (batch.Count, batch.Outputs, tree.Decided).ShouldBe((4, 2, 2));
        Enumerable.Range(0, 4).Select(tree.IsDecided).ShouldBe([false, true, true, false]);
        tree.Reset(1);
        (tree.Decided, tree.IsDecided(0)).ShouldBe((0, false));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1e-38f)]
    [InlineData(1e-30f)]
    [InlineData(1e-6f)]
    public void Temperature_close_to_nothing_draws_the_most_likely_token(float temperature)
    {
        var model = TestModels.Load("random");
        using var sampler = new TokenSampler(model, new SamplingSettings(Temperature: temperature, TopK: 0, TopP: 1, MinP: 0, Seed: 3));
        var random = new Random(8);
        for (var draw = 0; draw < 50; draw++)
        {
            float[] logits = [.. Enumerable.Range(0, model.Vocabulary.Count).Select(_ => 20 * random.NextSingle())];
            sampler.Sample(logits).ShouldBe(Array.IndexOf(logits, logits.Max()));
        }
    }

    static TokenTree Tree(int root)
    {
        var tree = new TokenTree();
        tree.Reset(root);
        return tree;
    }

    static bool IsBelow(TokenTree tree, int node, int ancestor)
    {
        while (node >= 0 && node != ancestor) node = tree.Parent(node);
        return node == ancestor;
    }

    static unsafe int[] Positions(LlamaBatch batch) => new Span<int>(batch.Native.Positions, batch.Count).ToArray();
}
