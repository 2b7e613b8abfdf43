using Ppd.Planning;

namespace Ppd.Tests.Planning;

public sealed class ListeningTests
{
    static int[] Due(int steps, float cost, float value = 0)
    {
        var listening = new Listening();
        var heard = false;
        return [.. Enumerable.Range(0, steps).Where(_ => heard = listening.IsDue(heard, value, cost))];
    }

    [Fact]
    public void Looks_that_find_nothing_become_rarer() => Due(200, cost: 0).ShouldBe([11, 36, 85, 182]);

    [Fact]
    public void Looks_that_find_something_are_repeated_soon() => Due(60, cost: 0, value: 1).ShouldBe([11, 24, 37, 50]);

    [Fact]
    public void Looks_take_a_hundredth_of_the_time_and_less_if_they_find_nothing()
    {
        Due(1000, cost: 2, value: 1).Length.ShouldBe(4);
        Due(1000, cost: 2).Length.ShouldBe(3);
    }
}
