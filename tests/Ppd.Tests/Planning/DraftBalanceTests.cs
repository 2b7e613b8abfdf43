using Ppd.Planning;

namespace Ppd.Tests.Planning;

public sealed class DraftBalanceTests
{
    // steps with guesses among so many, when a step with guesses costs `spent` more and is right with probability `rate`
    static int Drafted(int steps, double spent, double rate, double planning = 0)
    {
        var (balance, drafted, right) = (new DraftBalance(), 0, 0.0);
        for (var step = 0; step < steps; step++)
        {
            var drafts = balance.AllowsDrafts();
            if (drafts) (drafted, right) = (drafted + 1, right + rate);
            var accepted = (int)right;
            right -= accepted;
            balance.Observe(plain: 1, planning + (drafts ? spent : 0), drafts ? accepted : 0);
        }
        return drafted;
    }

    [Fact]
    public void Request_that_gains_goes_on_guessing() => Drafted(1000, spent: 0.3, rate: 0.5).ShouldBe(1000);

    [Fact]
    public void Request_that_loses_stops_and_tries_again_ever_less_often()
    {
        Drafted(120, spent: 0.5, rate: 0.1).ShouldBe(24);
        Drafted(1200, spent: 0.5, rate: 0.1).ShouldBe(4 * 24);      // after 96, 192, 384 steps
        Drafted(20_000, spent: 0.5, rate: 0.1).ShouldBeLessThan(24 * 18);
    }

    [Theory]
    [InlineData(0.01)]
    [InlineData(0.05)]
    public void Planning_during_a_pause_neither_ends_nor_prolongs_it(double planning) => Drafted(20_000, spent: 0.5, rate: 0.1, planning).ShouldBe(Drafted(20_000, spent: 0.5, rate: 0.1));

    [Fact]
    public void Request_that_gains_again_is_not_punished_for_the_past()
    {
        var balance = new DraftBalance();
        var drafted = 0;
        for (var step = 0; step < 2000; step++)
        {
            var drafts = balance.AllowsDrafts();
            if (drafts && step > 500) drafted++;
            balance.Observe(1, drafts ? 0.3 : 0, drafts && step > 500 ? 1 : 0);
        }
        drafted.ShouldBeGreaterThan(1000);
    }
}
