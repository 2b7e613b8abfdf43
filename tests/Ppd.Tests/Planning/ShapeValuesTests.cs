using Ppd.Planning;

namespace Ppd.Tests.Planning;

public sealed class ShapeValuesTests
{
    const float Rebuild = 0.5f;

    // worth by rows; sizes that are not named were not on offer
    static float[] Worth(params (int Rows, float Worth)[] sizes)
    {
        var worth = Enumerable.Repeat(float.NegativeInfinity, CostCurve.MostRows + 1).ToArray();
        foreach (var (rows, value) in sizes) worth[rows] = value;
        return worth;
    }

    static ShapeValues After(int steps, Func<int, float[]> worth)
    {
        var values = new ShapeValues(Rebuild);
        for (var step = 0; step < steps; step++) values.Observe([worth(step)], [0], plain: 1);
        return values;
    }

    [Fact]
    public void Size_that_is_best_every_time_saves_a_whole_change()
    {
        var values = After(2000, _ => Worth((1, -1), (2, -0.9f), (4, -0.7f)));
        values[4].ShouldBe(Rebuild, 0.01f);
        values[2].ShouldBe(0, 0.01f);
        values[1].ShouldBe(0);
    }

    [Fact]
    public void Size_that_is_rarely_best_costs_the_way_back()
    {
        var values = After(2000, step => Worth((1, -1), (4, step % 20 == 0 ? 0 : -1.6f)));
        values[4].ShouldBe(-Rebuild, 0.06f);
    }

    // plain decoding is better in one step of two, but not by what changes take
    [Fact]
    public void Size_that_is_best_on_average_is_kept_though_it_is_not_best_every_time()
    {
        var values = After(2000, step => Worth((1, -1), (2, step % 2 == 0 ? -0.7f : -1.1f)));
        values[2].ShouldBeGreaterThan(0.3f);
    }

    // Two rows read one guess and verify one, four rows three, in turns; the larger ones bring less for their time, but a step that finds three guesses wants four rows.
    [Fact]
    public void Habit_of_large_steps_does_not_make_small_ones_look_poor()
    {
        var (none, one, three) = (Worth((1, -1), (2, -0.65f), (4, -0.9f)), Worth((1, -1), (2, -0.44f), (4, -0.44f)), Worth((1, -1), (2, -0.44f), (4, 0.35f)));
        var values = new ShapeValues(Rebuild);
        for (var step = 0; step < 2000; step++)
        {
            if (step % 2 == 0) values.Observe([none], [0], plain: 1);
            else values.Observe([none, one, one, three], [0, 0.56f, 0.56f, 1.35f], plain: 1);
        }
        values[2].ShouldBeGreaterThan(values[4]);
    }

    [Fact]
    public void Text_that_changes_is_followed()
    {
        var values = After(600, step => step < 300 ? Worth((1, -1), (4, -0.6f)) : Worth((1, -1), (4, -1.6f)));
        values[4].ShouldBeLessThan(-0.4f);
    }

    [Fact]
    public void Graphs_that_cost_nothing_leave_all_sizes_alike()
    {
        var values = new ShapeValues(0);
        values.Observe([Worth((1, -1), (4, -0.2f))], [0], plain: 1);
        values[4].ShouldBe(0);
    }
}
