using Ppd.Training.Prompts;

namespace Ppd.Training.Tests.Prompts;

public sealed class CalibrationCounterTests
{
    [Fact]
    public void The_curve_gives_what_was_observed_and_never_falls()
    {
        var counter = new CalibrationCounter(1);
        void See(float probability, int hits, int misses)
        {
            for (var i = 0; i < hits + misses; i++) counter.Add(0, probability, i < hits);
        }
        See(0.012f, 1, 9);
        See(0.25f, 6, 4);
        See(0.35f, 4, 6);       // fewer than the bin before: noise, pooled with it
        See(0.93f, 9, 1);
        var curve = counter.Curves().ShouldHaveSingleItem();
        curve[0.012f].ShouldBe(0.1f);
        curve[0.25f].ShouldBe(0.5f);
        curve[0.35f].ShouldBe(0.5f);
        curve[0.93f].ShouldBe(0.9f);
        curve[1].ShouldBe(0.9f);
        curve.Rates.ShouldBe(curve.Rates.Order());
    }
}
