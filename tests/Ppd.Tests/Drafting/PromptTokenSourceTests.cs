using Ppd.Decoding;
using Ppd.Drafting;

namespace Ppd.Tests.Drafting;

public sealed class PromptTokenSourceTests
{
    const int Vocabulary = 50;

    // accuracy: rank 0 and 1 at distances 1 and 2
    static PromptTokenSource Source() => new(new PromptTokens
    {
        Count = 2,
        Ensemble = 1,
        Rows = new float[2 * 4],
        Mask = PromptTokenMask.Ensemble,
        Model = new BaseModel("llama", "test", 4, Vocabulary, "0"),
        Accuracy = [[0.6f, 0.2f, 0, 0, 0, 0, 0, 0, 0, 0], [0.5f, 0.3f, 0, 0, 0, 0, 0, 0, 0, 0]],
    });

    static float[] Logits(params int[] best)
    {
        var logits = new float[Vocabulary];
        for (var rank = 0; rank < best.Length; rank++) logits[best[rank]] = 10 - rank;
        return logits;
    }

    [Fact]
    public void Guesses_are_combinations_of_ranks_with_the_product_of_their_probabilities()
    {
        var source = Source();
        source.Look(Logits(7, 8));
        source.Look(Logits(17, 18));
        var tree = Propose(source, maxDepth: 5);
        Nodes(tree).ShouldBe(["7: 0.6", "7 17: 0.3", "8: 0.2", "7 18: 0.18", "8 17: 0.1", "8 18: 0.06"]);
    }

    [Fact]
    public void Guesses_deeper_than_useful_are_left_out()
    {
        var source = Source();
        source.Look(Logits(7, 8));
        source.Look(Logits(17, 18));
        Nodes(Propose(source, maxDepth: 1)).ShouldBe(["7: 0.6", "8: 0.2"]);
    }

    [Fact]
    public void Node_without_prompt_tokens_leaves_nothing_to_guess()
    {
        var source = Source();
        source.Look(Logits(7, 8));
        source.Observe([1]);
        Propose(source, maxDepth: 5).Count.ShouldBe(1);
    }

    [Fact]
    public void Fewer_prompt_tokens_than_trained_guess_less_far()
    {
        var source = Source();
        source.Look(Logits(7, 8));
        Nodes(Propose(source, maxDepth: 5)).ShouldBe(["7: 0.6", "8: 0.2"]);
    }

    [Fact]
    public void Guess_that_another_source_made_too_is_one_node_with_the_larger_probability()
    {
        var tree = new TokenTree();
        tree.Reset(1);
        tree.Add(0, 7, 0.9f);
        var source = Source();
        source.Look(Logits(7, 8));
        source.Propose(tree, maxDepth: 5);
        Nodes(tree).ShouldBe(["7: 0.9", "8: 0.2"]);
    }

    static TokenTree Propose(PromptTokenSource source, int maxDepth)
    {
        var tree = new TokenTree();
        tree.Reset(1);
        source.Propose(tree, maxDepth);
        return tree;
    }

    // paths in the order of their probability
    static List<string> Nodes(TokenTree tree)
    {
        List<(string, float Reach)> nodes = [];
        for (var node = 1; node < tree.Count; node++)
        {
            List<int> path = [];
            for (var at = node; at > 0; at = tree.Parent(at)) path.Insert(0, tree.Token(at));
            nodes.Add((FormattableString.Invariant($"{string.Join(' ', path)}: {tree.Reach(node):0.##}"), tree.Reach(node)));
        }
        return [.. nodes.OrderByDescending(n => n.Reach).Select(n => n.Item1)];
    }
}
