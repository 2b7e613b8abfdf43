using System.Numerics.Tensors;
using Ppd.Decoding;

namespace Ppd.Tests.Decoding;

/// <summary>A tree decoded in one batch gives every node the logits of its path decoded alone: architecture.md, "tree attention without a custom mask".</summary>
public sealed class TreeLogitsTests
{
    // Largest difference of a logit; logits have a standard deviation of about 3. Without flash attention and with an F32 cache only the order of sums differs;
    // the fused kernel casts keys and values to F16. A wrong mask gives differences above 1.
    static float Noise(bool flashAttention) => flashAttention ? 0.1f : 2e-3f;

    public static TheoryData<string, bool, int> Cases()
    {
        TheoryData<string, bool, int> cases = [];
        foreach (var model in new[] { "random", TestModels.Stories })
            foreach (var flashAttention in new[] { false, true })
                foreach (var ensemble in new[] { 0, 1, 3 })
                    cases.Add(model, flashAttention, ensemble);
        return cases;
    }

    // ensemble 0: token rows without prompt tokens
    [Theory, MemberData(nameof(Cases))]
    public void Every_node_and_prompt_token_has_the_logits_of_its_path(string name, bool flashAttention, int ensemble)
    {
        TestModels.SkipUnlessAvailable(name);
        var model = TestModels.Load(name);
        var random = new Random(3);
        int[] prompt = [.. Enumerable.Range(0, 40).Select(_ => random.Next(300, 500))];
        var prompts = ensemble == 0 ? null : TestPrompts.Random(TestModels.Path(name), count: 3, ensemble);
        using var trees = new TreeDecoder(model, TestModels.Path(name), flashAttention, prompts);
        using var reference = new ReferenceDecoder(model, flashAttention, trees.CacheType);
        trees.Prefill(prompt.AsSpan(0, prompt.Length - 1));
        reference.Feed(prompt.AsSpan(0, prompt.Length - 1));

        var committed = prompt[..^1].ToList();
        var root = prompt[^1];
        var (nodes, promptRows) = (0, 0);
        var worst = 0f;
        // after each round a random path is accepted and the next tree stands on it: the bookkeeping is tested with the logits
        for (var round = 0; round < 12; round++)
        {
            var tree = RandomTree(root, random, prompts?.Count ?? 0);
            trees.Decode(tree);
            for (var node = 0; node < tree.Count; node++, nodes++)
            {
                reference.Rewind(committed.Count);
                var expected = reference.Feed(Path(tree, node));
                worst = Math.Max(worst, LargestDifference(expected, trees.Logits(node)));
                for (var j = 0; tree.Prompts(node) > 0 && j < ensemble; j++)
                {
                    // the ensemble mask: member j sees member j of the earlier prompt tokens and none of the others
                    reference.Rewind(committed.Count + tree.Depth(node) + 1);
                    for (var i = 0; i < tree.Prompts(node); i++, promptRows++)
                        worst = Math.Max(worst, LargestDifference(reference.Next(prompts!.Row(i, j)), trees.PromptLogits(node, i, j)));
                }
            }
            worst.ShouldBeLessThan(Noise(flashAttention), $"round {round}");
            var accepted = random.Next(tree.Count);
            trees.Keep(tree, accepted);
            reference.Rewind(committed.Count);
            reference.Feed(Path(tree, accepted));
            committed.AddRange(Path(tree, accepted));
            root = random.Next(300, 500);
            trees.Length.ShouldBe(committed.Count);
        }
        nodes.ShouldBeGreaterThan(100);
        if (ensemble > 0) promptRows.ShouldBeGreaterThan(50 * ensemble);
        TestContext.Current.TestOutputHelper!.WriteLine($"{name} flash attention {flashAttention} ensemble {ensemble}: {nodes} nodes, {promptRows} prompt rows, largest difference {worst:0.0e0}");
    }

    [Fact]
    public void A_node_does_not_see_its_siblings()
    {
        // the negative control: were siblings visible, the logits would be far off, and the tolerance above would notice
        var model = TestModels.Load("random");
        using var trees = new TreeDecoder(model, TestModels.RandomPath, flashAttention: false, prompts: null);
        using var reference = new ReferenceDecoder(model, cache: trees.CacheType);
        var tree = new TokenTree();
        tree.Reset(300);
        var left = tree.Add(0, 301, 0.5f);
        tree.Add(left, 302, 0.5f);
        var right = tree.Add(0, 303, 0.5f);
        trees.Prefill([290, 291]);
        trees.Decode(tree);
        LargestDifference(reference.Feed([290, 291, 300, 303]), trees.Logits(right)).ShouldBeLessThan(1e-3f);
        reference.Rewind(0);
        LargestDifference(reference.Feed([290, 291, 300, 301, 303]), trees.Logits(right)).ShouldBeGreaterThan(0.5f);
    }

    static TokenTree RandomTree(int root, Random random, int promptCount)
    {
        var tree = new TokenTree();
        tree.Reset(root);
        var size = random.Next(2, 20);
        while (tree.Count < size)
        {
            var parent = random.Next(tree.Count);
            if (tree.Depth(parent) < 6) tree.Add(parent, random.Next(300, 500), 0.5f);
        }
        if (promptCount > 0)
            for (var node = 0; node < tree.Count; node++) tree.AddPrompts(node, random.Next(promptCount + 1));     // any number, none included
        return tree;
    }

    static int[] Path(TokenTree tree, int node)
    {
        List<int> path = [];
        for (; node >= 0; node = tree.Parent(node)) path.Insert(0, tree.Token(node));
        return [.. path];
    }

    static float LargestDifference(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var difference = new float[a.Length];
        TensorPrimitives.Subtract(a, b, difference);
        return Math.Abs(TensorPrimitives.MaxMagnitude(difference));
    }
}
