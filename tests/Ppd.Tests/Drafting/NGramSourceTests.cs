using Ppd.Decoding;
using Ppd.Drafting;

namespace Ppd.Tests.Drafting;

public sealed class NGramSourceTests
{
    [Fact]
    public void What_followed_the_last_tokens_before_is_proposed()
    {
        var tree = Propose([1, 2, 3, 4, 5, 6, 7, 1, 2, 3], maxDepth: 3);
        Chain(tree).ShouldBe([4, 5, 6]);
    }

    [Fact]
    public void Nothing_is_proposed_where_nothing_matches()
    {
        Propose([1, 2, 3, 4, 5, 6], maxDepth: 4).Count.ShouldBe(1);
        Propose([1], maxDepth: 4).Count.ShouldBe(1);
        Propose([1, 2, 9, 3, 2], maxDepth: 4).Count.ShouldBe(1);   // one token is no match
    }

    [Fact]
    public void Longer_matches_are_trusted_more()
    {
        var two = Propose([1, 2, 50, 9, 9, 8, 1, 2], maxDepth: 1);
        var four = Propose([5, 6, 1, 2, 50, 9, 9, 5, 6, 1, 2], maxDepth: 1);
        two.Token(1).ShouldBe(50);
        four.Token(1).ShouldBe(50);
        four.Reach(1).ShouldBeGreaterThan(two.Reach(1));
    }

    [Fact]
    public void The_most_frequent_continuation_comes_first_and_others_branch_off()
    {
        var tree = Propose([1, 2, 30, 7, 1, 2, 30, 8, 1, 2, 40, 9, 1, 2], maxDepth: 1);
        tree.Count.ShouldBe(3);
        tree.Reach(tree.Find(0, 30)).ShouldBeGreaterThan(tree.Reach(tree.Find(0, 40)));
    }

    [Fact]
    public void Among_equals_the_most_recent_continuation_wins()
    {
        var tree = Propose([1, 2, 30, 7, 1, 2, 40, 8, 1, 2], maxDepth: 1);
        tree.Reach(tree.Find(0, 40)).ShouldBeGreaterThan(tree.Reach(tree.Find(0, 30)));
    }

    [Fact]
    public void A_long_match_is_found_behind_many_short_ones()
    {
        int[] text = [5, 6, 1, 2, 77, .. Enumerable.Range(0, 40).SelectMany(i => new[] { 1, 2, 100 + i }), 5, 6, 1, 2];
        var tree = Propose(text, maxDepth: 1);
        tree.Find(0, 77).ShouldBeGreaterThan(0);
        tree.Reach(tree.Find(0, 77)).ShouldBe(Enumerable.Range(1, tree.Count - 1).Max(tree.Reach));
    }

    [Fact]
    public void Observing_in_pieces_or_at_once_is_the_same()
    {
        var random = new Random(4);
        int[] text = [.. Enumerable.Range(0, 300).Select(_ => random.Next(6))];
        var pieces = new NGramSource();
        foreach (var token in text) pieces.Observe([token]);
        var (whole, parts) = (Propose(text, 4), Root(text[^1]));
        pieces.Propose(parts, 4);
        parts.Count.ShouldBe(whole.Count);
        parts.Count.ShouldBeGreaterThan(3);
        Enumerable.Range(0, parts.Count).Select(n => (parts.Token(n), parts.Parent(n), parts.Reach(n)))
            .ShouldBe(Enumerable.Range(0, whole.Count).Select(n => (whole.Token(n), whole.Parent(n), whole.Reach(n))));
    }

    [Fact]
    public void Probabilities_of_siblings_sum_to_less_than_one()
    {
        var random = new Random(9);
        var checkedNodes = 0;
        for (var round = 0; round < 50; round++)
        {
            var tree = Propose([.. Enumerable.Range(0, 200).Select(_ => random.Next(4))], maxDepth: 5);
            for (var node = 0; node < tree.Count; node++)
            {
                var below = 0f;
                for (var child = tree.FirstChild(node); child >= 0; child = tree.NextSibling(child)) below += tree.Reach(child);
                below.ShouldBeLessThan(tree.Reach(node));
                checkedNodes++;
            }
        }
        checkedNodes.ShouldBeGreaterThan(500);
    }

    static TokenTree Propose(int[] text, int maxDepth)
    {
        var source = new NGramSource();
        source.Observe(text);
        var tree = Root(text[^1]);
        source.Propose(tree, maxDepth);
        return tree;
    }

    static TokenTree Root(int token)
    {
        var tree = new TokenTree();
        tree.Reset(token);
        return tree;
    }

    static int[] Chain(TokenTree tree)
    {
        List<int> tokens = [];
        for (var node = tree.FirstChild(0); node >= 0; node = tree.FirstChild(node)) tokens.Add(tree.Token(node));
        return [.. tokens];
    }
}
