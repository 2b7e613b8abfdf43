using Ppd.Cli.Tune;
using Ppd.Planning;

namespace Ppd.Cli.Tests;

public sealed class SettingsSearchTests
{
    static readonly MachineSettings Start = new(Threads: 2, FlashAttention: false, RepackWeights: true, BatchSize: 512);
    static readonly Setting Threads = new("threads", s => $"{s.Threads}", s => new[] { 1, 2, 4 }.Select(threads => s with { Threads = threads }), sample => sample.Turn);
    static readonly Setting Attention = new("attention", s => $"{s.FlashAttention}", s => [s with { FlashAttention = !s.FlashAttention }], sample => sample.Turn);

    readonly List<MachineSettings> _measured = [];

    // a turn takes so many seconds
    static SettingsSample Sample(double turn) => new(CostMeasurement.Assumed, 1, SettingsSample.TurnReply / turn * 2, SettingsSample.TurnPrompt / turn * 2);

    SettingsSearch Search(Func<MachineSettings, double> turn, int repeats = 3) => new(settings =>
    {
        _measured.Add(settings);
        return Sample(turn(settings));
    }, repeats) { Best = Start };

    [Theory]
    [InlineData(1.02, 2)]
    [InlineData(1.04, 4)]
    public void Change_is_adopted_only_if_it_is_more_than_three_percent_better(double times, int threads)
    {
        var search = Search(settings => settings.Threads == 4 ? 1 / times : settings.Threads == 1 ? 1.2 : 1);
        var round = search.Try(Threads);
        search.Best.ShouldBe(Start with { Threads = threads });
        round.Trials.Select(trial => trial.Settings.Threads).ShouldBe([2, 1, 4]);
        round.Trials.Single(trial => trial.Chosen).Settings.Threads.ShouldBe(threads);
        round.Trials[2].Gain.ShouldBe(times, 1e-9);
    }

    [Fact]
    public void Values_are_measured_in_turn_and_one_setting_at_a_time_around_the_best()
    {
        var search = Search(settings => settings.Threads == 1 ? 0.8 : 1);
        search.Try(Threads);
        search.Try(Attention);
        _measured.ShouldBe(
        [
            .. Enumerable.Repeat<MachineSettings[]>([Start, Start with { Threads = 1 }, Start with { Threads = 4 }], 3).SelectMany(each => each),
            .. Enumerable.Repeat<MachineSettings[]>([Start with { Threads = 1 }, Start with { Threads = 1, FlashAttention = true }], 3).SelectMany(each => each),
        ]);
        search.Best.ShouldBe(Start with { Threads = 1 });
    }

    [Fact]
    public void Hiccup_of_one_repeat_decides_nothing()
    {
        // the value before is slowed down once, ten times
        var search = Search(settings => !settings.FlashAttention && _measured.Count == 3 ? 10 : 1);
        search.Try(Attention).Trials[1].Gain.ShouldBe(1);
        search.Best.ShouldBe(Start);
    }

    [Fact]
    public void Machine_that_slows_down_from_repeat_to_repeat_does_not_hide_what_is_better()
    {
        var search = Search(settings => (1 + ((_measured.Count - 1) / 2)) * (settings.FlashAttention ? 0.9 : 1));
        search.Try(Attention).Trials[1].Gain.ShouldBe(1 / 0.9, 1e-9);
        search.Best.FlashAttention.ShouldBeTrue();
    }

    [Fact]
    public void Value_that_leaves_no_hope_is_measured_once()
    {
        var search = Search(settings => settings.Threads == 4 ? 5 : 1);
        var round = search.Try(Threads);
        round.Trials.Select(trial => trial.Samples.Count).ShouldBe([3, 3, 1]);
        round.Trials[2].Gain.ShouldBe(0.2, 1e-9);
    }

    [Theory]
    [InlineData(1, new[] { 1 })]
    [InlineData(2, new[] { 1, 2 })]
    [InlineData(6, new[] { 1, 2, 4, 6 })]
    [InlineData(8, new[] { 1, 2, 4, 8 })]
    [InlineData(96, new[] { 4, 8, 16, 32, 64, 96 })]
    public void Threads_tried_are_at_most_six_numbers_up_to_the_processors(int processors, int[] expected) => TuneSession.Threads(processors).ShouldBe(expected);

    [Fact]
    public void Expected_speed_is_that_of_a_chain_or_of_the_trees_for_the_accuracies()
    {
        CostMeasurement free = new([1, 64], [2, 2], 0, 0, 0), dear = new([1, 64], [2, 128], 0, 0, 0);   // ms
        var (plain, chain) = new PlanSpeed(null).Of(free);
        plain.ShouldBe(500, 1e-6);
        chain.ShouldBe(500 / (1 - 0.6), 1e-3);          // as many guesses as there is room for
        new PlanSpeed(null).Of(dear).ShouldBe((500, 500));
        new PlanSpeed([[0.5f]]).Of(free).Planned.ShouldBe(750, 1e-3);    // one guess at every step, right at every other
        new PlanSpeed([[0.5f]]).Of(dear).Planned.ShouldBe(500, 1e-3);
    }

    [Fact]
    public void Losses_are_told_in_percent_of_what_was_chosen()
    {
        static Trial Trial(int threads, double turn) => new(Start with { Threads = threads }, [Sample(turn)], 1, Chosen: false);
        static TuneResult Result(Trial defaults, Trial chosen) => new([], defaults, chosen, CostMeasurement.Assumed, CostMeasurement.Assumed, 64, "", []);
        TuneReport.Losses(Result(Trial(2, 1), Trial(2, 1))).ShouldContain("nothing would be lost");
        var losses = TuneReport.Losses(Result(Trial(2, 1), Trial(4, 0.75)));
        losses.ShouldContain("would lose speed: planned decoding 25 %, prompts 25 %, a turn 25 %.");
        losses.ShouldContain("(2 threads, flash attention off");
    }
}
