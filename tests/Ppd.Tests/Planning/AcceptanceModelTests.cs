using Ppd.Decoding;
using Ppd.Drafting;
using Ppd.Planning;

namespace Ppd.Tests.Planning;

public sealed class AcceptanceModelTests
{
    [Theory]
    [InlineData(0.9f, 0.4f)]
    [InlineData(0.2f, 0.75f)]
    [InlineData(0.1f, 0.0f)]
    public void Estimate_moves_from_the_claim_to_what_is_observed(float claim, float rate)
    {
        var model = new AcceptanceModel(null, AcceptanceModel.SharedMemory);
        model.Probability(DraftKind.NGram, 1, claim).ShouldBe(claim, 1e-6f);
        var random = new Random(1);
        for (var i = 0; i < 3000; i++) model.Observe(DraftKind.NGram, 1, claim, random.NextSingle() < rate);
        model.Probability(DraftKind.NGram, 1, claim).ShouldBe(rate, 0.04f);
    }

    [Fact]
    public void Kinds_depths_and_claims_are_told_apart()
    {
        var model = new AcceptanceModel(null, AcceptanceModel.SharedMemory);
        for (var i = 0; i < 500; i++) model.Observe(DraftKind.NGram, 1, 0.4f, right: false);
        model.Probability(DraftKind.NGram, 1, 0.4f).ShouldBeLessThan(0.05f);
        model.Probability(DraftKind.PromptToken, 1, 0.4f).ShouldBe(0.4f, 1e-6f);
        model.Probability(DraftKind.NGram, 2, 0.4f).ShouldBe(0.4f, 1e-6f);
        model.Probability(DraftKind.NGram, 1, 0.8f).ShouldBe(0.8f, 1e-6f);
    }

    [Fact]
    public void Change_of_topic_is_followed_by_the_request_and_slower_by_what_all_share()
    {
        var shared = new AcceptanceModel(null, AcceptanceModel.SharedMemory);
        var request = new AcceptanceModel(shared, AcceptanceModel.RequestMemory);
        for (var i = 0; i < 1000; i++) request.Observe(DraftKind.NGram, 1, 0.6f, right: true);
        request.Probability(DraftKind.NGram, 1, 0.6f).ShouldBeGreaterThan(0.95f);
        for (var i = 0; i < 200; i++) request.Observe(DraftKind.NGram, 1, 0.6f, right: false);
        request.Probability(DraftKind.NGram, 1, 0.6f).ShouldBeLessThan(0.2f);
        shared.Probability(DraftKind.NGram, 1, 0.6f).ShouldBeGreaterThan(0.5f);
    }

    [Fact]
    public void New_request_begins_with_what_others_have_taught()
    {
        var shared = new AcceptanceModel(null, AcceptanceModel.SharedMemory);
        var first = new AcceptanceModel(shared, AcceptanceModel.RequestMemory);
        for (var i = 0; i < 1000; i++) first.Observe(DraftKind.PromptToken, 1, 0.6f, i % 10 == 0);
        new AcceptanceModel(shared, AcceptanceModel.RequestMemory).Probability(DraftKind.PromptToken, 1, 0.6f).ShouldBe(0.1f, 0.03f);
    }

    [Fact]
    public void Node_is_reached_if_all_guesses_on_its_path_are_right()
    {
        var model = new AcceptanceModel(null, AcceptanceModel.SharedMemory);
        for (var i = 0; i < 2000; i++) model.Observe(DraftKind.NGram, 2, 0.5f, i % 4 == 0);
        var tree = new TokenTree();
        tree.Reset(1);
        var first = tree.Add(0, 5, 0.8f, DraftKind.NGram);
        var second = tree.Add(first, 6, 0.5f, DraftKind.NGram);
        model.Estimate(tree);
        tree.Reach(first).ShouldBe(0.8f, 1e-5f);
        tree.Reach(second).ShouldBe(0.8f * 0.25f, 0.02f);
    }

    // The labels are the candidates, not the plan: whatever is verified, the estimate is the same.
    [Fact]
    public void Hindsight_counts_every_guess_whose_parent_was_right_and_no_other()
    {
        var model = new AcceptanceModel(null, AcceptanceModel.SharedMemory);
        var hindsight = new Hindsight(model);
        var random = new Random(7);
        var tree = new TokenTree();
        for (var step = 0; step < 4000; step++)
        {
            // the truth is 1 at depth 1 with 0.7, then 3 at depth 2 with 0.3; guesses 2 and 4 are never right
            tree.Reset(0);
            var right = tree.Add(0, 1, 0.5f, DraftKind.NGram);
            var wrong = tree.Add(0, 2, 0.25f, DraftKind.PromptToken);
            tree.Add(right, 3, 0.5f, DraftKind.NGram);
            tree.Add(wrong, 4, 0.5f, DraftKind.PromptToken);
            tree = hindsight.Exchange(tree);
            hindsight.Observe(random.NextSingle() < 0.7f ? 1 : 9);
            hindsight.Observe(random.NextSingle() < 0.3f ? 3 : 9);
        }
        model.Probability(DraftKind.NGram, 1, 0.5f).ShouldBe(0.7f, 0.05f);
        model.Probability(DraftKind.NGram, 2, 0.5f).ShouldBe(0.3f, 0.05f);
        model.Probability(DraftKind.PromptToken, 1, 0.25f).ShouldBeLessThan(0.01f);
        model.Probability(DraftKind.PromptToken, 2, 0.5f).ShouldBe(0.5f, 1e-5f);    // its parent never was right
    }
}
