using Ppd.Decoding;
using Ppd.Drafting;
using Ppd.Planning;

namespace Ppd.Tests.Planning;

public sealed class PlannerTests
{
    internal static CostMeasurement Linear(double perRow) => new([1, 2], [1, 1 + perRow], 0, 0, 0);

    internal static RequestPlan Request(Planner planner, Action<TokenTree> candidates, PpdPlan plan = default, bool reads = false, int guesses = 60, int paths = 60, int room = 100, int ensemble = 1)
    {
        var request = planner.Begin(plan, reads ? new PromptTokenSource(TestTokens.Of([[1], [1], [1]])) : null);
        request.Begin(1);
        candidates(request.Candidates);
        request.Propose(new TreeLimits(guesses, paths, room, ensemble, plan.Kind == PpdPlanKind.Chain));
        return request;
    }

    static TokenTree Plan(CostMeasurement costs, Action<TokenTree> candidates, PpdPlan plan = default, int guesses = 60, int paths = 60, int room = 100)
    {
        var planner = new Planner(new CostCurve(costs), [], 1);
        var request = Request(planner, candidates, plan, guesses: guesses, paths: paths, room: room);
        planner.Plan([request], 0);
        return request.Tree;
    }

    static void Sample(TokenTree tree)
    {
        var a = tree.Add(0, 10, 0.5f);
        var b = tree.Add(0, 11, 0.3f);
        tree.Add(a, 12, 0.9f);      // 0.45
        tree.Add(b, 13, 0.9f);      // 0.27
        tree.Add(0, 14, 0.1f);
    }

    static StepShape Chain(int rows) => new(rows, Paths: 1, Outputs: rows);

    static int[] Tokens(TokenTree tree) => [.. Enumerable.Range(0, tree.Count).Select(tree.Token)];

    [Fact]
    public void Guesses_are_taken_as_long_as_they_are_right_more_often_than_a_row_costs()
    {
        Tokens(Plan(Linear(0.6), Sample)).ShouldBe([1]);
        Tokens(Plan(Linear(0.4), Sample)).ShouldBe([1, 10, 12]);
        Tokens(Plan(Linear(0.28), Sample)).ShouldBe([1, 10, 12, 11]);
        Tokens(Plan(Linear(0.05), Sample)).ShouldBe([1, 10, 12, 11, 13, 14]);
    }

    [Fact]
    public void That_the_reply_ends_is_not_decoded_and_makes_what_would_follow_worth_less()
    {
        const int End = 99;
        void Ending(TokenTree tree)
        {
            tree.Add(tree.Add(0, 10, 0.9f), End, 0.9f);
            tree.Add(tree.Find(0, 10), 11, 0.1f);
            tree.MarkEnds(token => token == End);
        }
        Tokens(Plan(Linear(0.01), Ending)).ShouldBe([1, 10, 11]);
        Tokens(Plan(Linear(0.9), Ending, PpdPlan.Tree(3))).ShouldBe([1, 10, 11]);

        // prompt tokens are worth 0.5 wherever the reply goes on: under the guess that is with 0.9, or with 0.09 where it mostly ends
        TokenTree WithPromptTokens(Action<TokenTree> candidates)
        {
            var growth = new TreeGrowth();
            var tree = new TokenTree();
            tree.Reset(1);
            candidates(tree);
            growth.Begin(tree, new PlaceValues([0, 0.5f], [0, 0.5f], 1), new bool[tree.Count], [.. Enumerable.Repeat(1f, tree.Count)], new TreeLimits(10, 10, 100, Ensemble: 1, IsChain: false));
            growth.Take(new Growth(1, IsChain: false), growth.Offer(new Growth(1, IsChain: false), 1));
            growth.Offer(new Growth(1, IsChain: true), 10).Gain.ShouldBe(0.5f * (0.9f - tree.Ending(1)), 1e-6f);
            return tree;
        }
        WithPromptTokens(tree => tree.Add(0, 10, 0.9f)).Ending(1).ShouldBe(0);
        WithPromptTokens(Ending).Ending(1).ShouldBe(0.81f, 1e-6f);
    }

    [Fact]
    public void Staircase_is_climbed_where_the_next_landing_pays_though_the_first_step_does_not()
    {
        // the second row doubles the time, the next six are free
        CostMeasurement stairs = new([1, 2, 8, 9], [1, 2, 2, 4], 0, 0, 0);
        void Chain(TokenTree tree)
        {
            var node = 0;
            for (var depth = 0; depth < 12; depth++) node = tree.Add(node, 10 + depth, 0.9f);
        }
        Plan(stairs, Chain).Count.ShouldBe(8);
        Plan(stairs, tree => tree.Add(0, 10, 0.9f)).Count.ShouldBe(1);
    }

    [Fact]
    public void Change_of_shape_is_paid_for()
    {
        CostMeasurement costs = new([1, 2], [1, 1.4], 0, Rebuild: 0.2, 0);
        var planner = new Planner(new CostCurve(costs), [], 1);
        int Rows()
        {
            var request = Request(planner, tree => tree.Add(0, 10, 0.5f));
            planner.Plan([request], 0);
            planner.Observe([request], [0], Chain(request.Tree.Count), 0, costs.Milliseconds(request.Tree.Count, 0));
            return request.Tree.Count;
        }
        Rows().ShouldBe(2);     // any first step is a new shape
        Rows().ShouldBe(2);
        planner.Observe([Request(planner, _ => { })], [0], Chain(1), 0, 1);
        Rows().ShouldBe(1);     // 0.4 and 0.2 more than the step that repeats itself
    }

    [Fact]
    public void What_is_known_to_follow_costs_no_logits()
    {
        CostMeasurement costs = new([1, 2], [1, 2.1], 0, 0, PerOutput: 0.3);
        static void Two(TokenTree tree) => tree.Add(tree.Add(0, 10, 1), 11, 1);
        static void Known(TokenTree tree)
        {
            Two(tree);
            tree.MarkCertain(1);
        }
        Tokens(Plan(costs, Two)).ShouldBe([1]);             // a row takes 1.1 of the step that it saves
        var tree = Plan(costs, Known);
        Tokens(tree).ShouldBe([1, 10]);                     // 0.8, for the root has no logits then; the next one 1.1 again
        tree.IsDecided(0).ShouldBeTrue();
        tree.Decided.ShouldBe(1);
    }

    [Fact]
    public void What_is_certain_behind_a_guess_need_not_be_decoded_with_it()
    {
        void Guess(TokenTree tree, float probability)
        {
            var node = tree.Add(0, 10, probability);
            for (var token = 11; token < 15; token++) tree.MarkCertain(node = tree.Add(node, token, 1));
        }
        // together they save a pass, worth 1, and the rows of the certain tokens at the next step, 4 times 0.5; they take 5 times 0.5
        Tokens(Plan(Linear(0.5), tree => Guess(tree, 0.8f))).ShouldBe([1]);
        Tokens(Plan(Linear(0.5), tree => Guess(tree, 0.87f))).ShouldBe([1, 10, 11, 12, 13, 14]);
        Tokens(Plan(Linear(0.5), tree => tree.Add(0, 10, 0.8f))).ShouldBe([1, 10]);
    }

    [Fact]
    public void Steps_without_logits_teach_what_those_with_them_cost()
    {
        CostMeasurement costs = new([1, 2], [1, 1.5], 0, 0, PerOutput: 0.2);
        var planner = new Planner(new CostCurve(costs), [], 1);
        var request = planner.Begin(PpdPlan.Off, null);
        for (var step = 0; step < 12; step++)
        {
            request.Begin(1);
            planner.Plan([request], 0);
            planner.Observe([request], [0], new StepShape(2, 1, Outputs: 1), 0, 1.3);
        }
        planner.Plan([request], 0);
        planner.Milliseconds(2).ShouldBe(1.5f, 1e-3f);
        planner.Cost(new StepShape(2, 1, Outputs: 1)).ShouldBe(1.3f, 1e-3f);
    }

    [Fact]
    public void Forced_plans_have_their_size_whatever_it_costs()
    {
        Tokens(Plan(Linear(9), Sample, PpdPlan.Tree(3))).ShouldBe([1, 10, 12]);
        Tokens(Plan(Linear(9), Sample, PpdPlan.Tree(5))).ShouldBe([1, 10, 12, 11, 13]);
        Tokens(Plan(Linear(9), Sample, PpdPlan.Tree(40))).Length.ShouldBe(6);
        Tokens(Plan(Linear(0), Sample, PpdPlan.Off)).ShouldBe([1]);
        Tokens(Plan(Linear(0), Sample, PpdPlan.Chain(5))).ShouldBe([1, 10, 12]);
    }

    [Fact]
    public void Limits_of_guesses_and_paths_hold()
    {
        Plan(Linear(0), Sample, guesses: 2).Count.ShouldBe(3);
        var tree = Plan(Linear(0), Sample, paths: 2);
        var layout = new TreeLayout(ensemble: 1);
        layout.Number(tree, available: 1);
        layout.Paths.ShouldBe(2);
        tree.Count.ShouldBe(5);     // both branches, each with its child
    }

    [Fact]
    public void Chain_hangs_where_acceptance_ends_and_no_longer_than_there_is_room()
    {
        var planner = new Planner(new CostCurve(Linear(0.1)), [0.9f, 0.8f, 0.7f], 1);
        int[] Prompts(int room)
        {
            var request = Request(planner, tree => tree.Add(0, 10, 0.95f, DraftKind.NGram), reads: true, room: room);
            planner.Plan([request], 0);
            return [.. Enumerable.Range(0, request.Tree.Count).Select(request.Tree.Prompts)];
        }
        Prompts(100).ShouldBe([0, 3]);
        Prompts(5).ShouldBe([0, 2]);
        Prompts(4).ShouldBe([0, 1]);
        Prompts(3).ShouldBe([0, 0]);    // below the guess there is nothing left to guess
    }

    [Fact]
    public void Requests_share_the_rows_by_what_they_bring()
    {
        CostMeasurement stairs = new([1, 2, 5, 6], [1, 1, 1.2, 9], 0, 0, 0);
        var planner = new Planner(new CostCurve(stairs), [], 1);
        var sure = Request(planner, tree => tree.Add(tree.Add(0, 10, 0.9f), 11, 0.9f));
        var unsure = Request(planner, tree => tree.Add(tree.Add(0, 20, 0.6f), 21, 0.1f));
        planner.Plan([sure, unsure], 0);
        Tokens(sure.Tree).ShouldBe([1, 10, 11]);
        Tokens(unsure.Tree).ShouldBe([1, 20]);
    }

    [Fact]
    public void Roots_of_many_requests_leave_no_room_for_chains()
    {
        var planner = new Planner(new CostCurve(Linear(0.1)), [0.9f, 0.8f, 0.7f], 1);
        List<RequestPlan> requests = [.. Enumerable.Range(0, 40).Select(_ => Request(planner, _ => { }, reads: true))];
        foreach (var request in requests) request.Listen(100);
        planner.Plan(requests, 0);
        requests.Sum(request => request.Tree.Count + request.Tree.PromptCount).ShouldBeInRange(40, CostCurve.MostRows);
        requests.ShouldContain(request => request.Tree.PromptCount > 0);
    }

    [Fact]
    public void Step_that_may_not_draft_says_nothing_about_the_worth_of_guesses()
    {
        var planner = new Planner(new CostCurve(Linear(0.1)), [0.8f], 1);
        var source = new PromptTokenSource(TestTokens.Of([[0.8f, 0.1f]]));
        var request = planner.Begin(default, source);
        source.Look([(10, 0.8f), (11, 0.1f)]);
        request.Begin(1);
        source.Propose(request.Candidates, 1);
        request.Propose(new TreeLimits(60, 60, 100, 1, IsChain: false));
        planner.Plan([request], 0);
        var value = request.Chains[false].Values[1];
        value.ShouldBeGreaterThan(0.3f);
        request.Begin(1);       // it pauses: nothing is proposed, though there are guesses
        planner.Plan([request], 0);
        request.Chains[false].Values[1].ShouldBe(value);
    }

    // on a server some request has always just begun
    [Theory]
    [InlineData(10, true)]
    [InlineData(0, false)]
    public void Steps_teach_what_they_cost_unless_all_requests_have_just_begun(int stepsBefore, bool learns)
    {
        var planner = new Planner(new CostCurve(Linear(1)), [], 1);
        RequestPlan[] requests = [planner.Begin(PpdPlan.Off, null), planner.Begin(PpdPlan.Off, null)];
        for (var step = 0; step < stepsBefore; step++) requests[0].Begin(1);
        for (var step = 0; step < 4; step++)
        {
            foreach (var request in requests) request.Begin(1);
            planner.Plan([.. requests], 0);
            planner.Observe([.. requests], [0, 0], new StepShape(2, 2, 2), 0, 6);     // measured: 2
        }
        planner.Plan([.. requests], 0);
        planner.Milliseconds(2).ShouldBe(learns ? 6 : 2, 0.01f);
    }

    // n-grams are looked up and trees weighed for nothing: that too makes drafting slower than off
    [Theory]
    [InlineData(0.001, 400)]
    [InlineData(0.05, 24)]
    public void Time_that_proposing_takes_is_charged_to_drafting(double drafting, int drafted)
    {
        var planner = new Planner(new CostCurve(Linear(1)), [], 1);
        var request = Request(planner, _ => { });
        var allowed = 0;
        for (var step = 0; step < 60; step++)
        {
            if (!request.Balance.AllowsDrafts()) continue;
            allowed++;
            planner.Plan([request], 0);
            planner.Observe([request], [0], Chain(1), 0, 1 + drafting, drafting);
        }
        allowed.ShouldBe(Math.Min(drafted, 60));
        planner.Milliseconds(1).ShouldBe(1, 1e-3f);     // a step without drafting takes no longer than before
    }

    // a process that has just started knows no better than what its sources say
    [Theory]
    [InlineData(0.2)]
    [InlineData(0.4)]
    public void Sources_that_are_sure_and_wrong_cost_a_first_reply_no_more_than_a_fiftieth(double perRow)
    {
        var planner = new Planner(new CostCurve(Linear(perRow)), [0.8f, 0.56f, 0.34f], 1);
        var prompts = new PromptTokenSource(TestTokens.Of([[0.8f], [0.7f], [0.6f]]));
        var request = planner.Begin(PpdPlan.Auto, prompts);
        const int Steps = 200;
        var (lost, guesses, read) = (0.0, 0, 0);
        for (var step = 0; step < Steps; step++)
        {
            request.Begin(1);
            if (request.Balance.AllowsDrafts())
            {
                prompts.Propose(request.Candidates, 20);
                for (var (node, depth) = (0, 0); depth < 4; depth++) node = request.Candidates.Add(node, 10 + depth, 0.85f, DraftKind.NGram);
                request.Propose(new TreeLimits(24, 24, 100, 1, IsChain: false));
            }
            planner.Plan([request], 0);
            var rows = request.Tree.Count + request.Tree.PromptCount;
            (lost, guesses, read) = (lost + (perRow * (rows - 1)), guesses + request.Tree.Count - 1, read + request.Tree.PromptCount);
            request.Observe([99]);
            prompts.Observe([99]);
            for (var distance = 0; distance < request.Tree.Prompts(0); distance++) prompts.Look([(20 + distance, 0.8f - (0.1f * distance))]);
            planner.Observe([request], [0], Chain(rows), 0, 1 + (perRow * (rows - 1)));
        }
        TestContext.Current.TestOutputHelper!.WriteLine($"{guesses} guesses, {read} prompt tokens, {lost:0.00} steps lost of {Steps}");
        guesses.ShouldBeGreaterThan(0);
        lost.ShouldBeLessThan(Steps / 50);
    }

    [Fact]
    public void Rows_must_promise_more_while_they_take_more_time_than_they_save()
    {
        var planner = new Planner(new CostCurve(Linear(0.3)), [], 1);
        int Rows(int accepted)
        {
            var request = Request(planner, tree => tree.Add(0, 10, 0.4f));
            planner.Plan([request], 0);
            var rows = request.Tree.Count;
            planner.Observe([request], [rows > 1 ? accepted : 0], Chain(rows), 0, 1 + (0.3 * (rows - 1)));
            return rows;
        }
        Rows(0).ShouldBe(2);
        for (var step = 0; step < 60; step++) Rows(0);          // claimed to be right in 4 of 10 steps, and never is
        planner.Caution.ShouldBeGreaterThan(1.2);
        Rows(0).ShouldBe(1);
        for (var step = 0; step < 2000; step++) Rows(0);        // forgiven, tried, and soon stopped again
        Enumerable.Range(0, 400).Count(_ => Rows(0) > 1).ShouldBeLessThan(100);
    }
}
