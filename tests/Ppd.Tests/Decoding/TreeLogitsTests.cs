using System.Numerics.Tensors;
using Ppd.Decoding;
using Ppd.Drafting;
using Ppd.Native;
using Ppd.Testing;

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

    // Quantised weights round activations too (to 8 bits), so a difference in the last bit of a sum may grow: what plain batches of tokens
    // at other places in the cache show is allowed here.
    [Theory]
    [InlineData(RandomWeightType.F16)]
    [InlineData(RandomWeightType.Q8_0)]
    [InlineData(RandomWeightType.Q4_0)]
    [InlineData(RandomWeightType.Q4_K)]
    [InlineData(RandomWeightType.Q6_K)]
    public void Prompt_tokens_of_a_quantised_model_have_the_logits_of_their_paths_within_the_noise_of_a_batch(RandomWeightType type)
    {
        const int Ensemble = 2;
        var library = LlamaLibrary.Load(null, null);
        var path = TestModels.Write($"{type}.gguf", new RandomModelOptions { WeightType = type, EmbeddingLength = 256, FeedForwardLength = 256, Quantise = GgmlQuantiser.Of(library.Location.GgmlBase) });
        using var model = LlamaModel.Load(library, path, gpuLayers: 0, null, TestContext.Current.CancellationToken);
        var prompts = TestPrompts.Random(path, count: 3, Ensemble, rank: 2);
        using var rows = new PromptTokenRows(prompts, new EmbeddingTable(library, path));
        var random = new Random(4);
        using var reference = new ReferenceDecoder(model, cache: GgmlType.F32);
        using var trees = new TreeDecoder(model, path, flashAttention: false, prompts);
        int[] text = [.. Enumerable.Range(0, 400).Select(_ => random.Next(300, 500))];
        var single = text.Select(reference.Next).ToList();
        var noise = new[] { 2, 5, 13, 64 }.Max(size =>
        {
            using var batched = new ReferenceDecoder(model, cache: GgmlType.F32);
            batched.Occupy(size);
            return batched.FeedBatched(text, size).Zip(single, (a, b) => LargestDifference(a, b)).Max();
        });

        trees.Prefill(text.AsSpan(0, 200));
        var (worst, compared, sameBest) = (0f, 0, 0);
        var row = new float[model.EmbeddingLength];
        for (var round = 0; round < 6; round++)
        {
            var tree = RandomTree(random.Next(300, 500), random, prompts.Count);
            trees.Decode(tree);
            for (var node = 0; node < tree.Count; node++)
                for (var j = 0; tree.Prompts(node) > 0 && j < Ensemble; j++)
                {
                    reference.Rewind(trees.Length);
                    reference.Feed(Path(tree, node));
                    for (var i = 0; i < tree.Prompts(node); i++, compared++)
                    {
                        rows.Read(i, j, tree.Token(node), row);
                        var expected = reference.Next(row.AsSpan());
                        worst = Math.Max(worst, LargestDifference(expected, trees.PromptLogits(node, i, j)));
                        if (TensorPrimitives.IndexOfMax(expected) == TensorPrimitives.IndexOfMax(trees.PromptLogits(node, i, j))) sameBest++;
                    }
                }
            trees.Keep(tree, 0);
            reference.Rewind(trees.Length - 1);
            reference.Feed([tree.Token(0)]);
        }
        compared.ShouldBeGreaterThan(100);
        // a flip of the rounding is rare enough to miss in this text; a wrong mask gives differences above 1
        worst.ShouldBeLessThan(Math.Max(3 * noise, type == RandomWeightType.F16 ? 0.02f : 0.5f));
        sameBest.ShouldBeGreaterThan(compared * 9 / 10);
        TestContext.Current.TestOutputHelper!.WriteLine($"{type}: {compared} prompt rows, largest difference {worst:0.0e0}, of plain batches {noise:0.0e0}, same best token {sameBest}");
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
