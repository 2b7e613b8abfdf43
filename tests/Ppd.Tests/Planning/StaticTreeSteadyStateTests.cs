using Ppd.Planning;

namespace Ppd.Tests.Planning;

public sealed class StaticTreeSteadyStateTests
{
    // 0 and 1 lead to themselves only: 1 token per step in the one, 1.5 in the other
    static readonly StaticTree Plain = new([], 0);
    static readonly StaticTree Guessing = new([new StaticNode(-1, 1, 0, .5f, 1)], 1);

    [Fact]
    public void Where_states_never_meet_a_text_stays_where_it_begins()
    {
        var steady = SteadyState.Of([Plain, Guessing], rows => 1 + (0.1 * rows));

        steady.Gain.ShouldBe(1.5 / 1.4, 1e-6);
        steady.Shares.ShouldBe([0, 1], 1e-6);
    }

    [Fact]
    public void Values_are_what_a_step_yields_more_than_its_time_and_what_follows()
    {
        // state 0 is a step of one token that leads to state 1, which all steps begin in otherwise
        var steady = SteadyState.Of([new StaticTree([], 1), new StaticTree([new StaticNode(-1, 1, 0, .5f, 0)], 1)], _ => 1);

        steady.Gain.ShouldBe(4 / 3.0, 1e-6);
        steady.Shares.ShouldBe([1 / 3.0, 2 / 3.0], 1e-6);
        steady.Values.ShouldBe([1 - (4 / 3.0), 0], 1e-6);
    }

    [Fact]
    public void Tree_is_not_taken_for_one_of_more_rows_that_cost_less()
    {
        // no tree of one guess and one prompt token under it and the root has more than 4 rows
        double Milliseconds(int rows) => rows is 3 or 4 ? 5 : 1;
        StaticTrees.Optimal([[.5f]], Milliseconds, 8).TokensPerMillisecond(Milliseconds).ShouldBe(1.25, 1e-6);
    }
}
