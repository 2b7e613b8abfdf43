using Ppd.Planning;

namespace Ppd.Tests.Planning;

public sealed class CostCurveTests
{
    // cheaper at 8 than at 6, as repacked kernels are
    static readonly CostMeasurement Measured = new([1, 2, 4, 6, 8, 16], [1, 2, 2.5, 4, 3, 6], PerRowAndToken: 0.001, Rebuild: 0, PerOutput: 0.1);

    static float[] Fill(CostCurve curve, int context = 0)
    {
        var milliseconds = new float[CostCurve.MostRows + 1];
        curve.Fill(milliseconds, context);
        return milliseconds;
    }

    [Fact]
    public void Every_measured_size_keeps_its_own_time()
    {
        var times = Fill(new CostCurve(Measured));
        (times[1], times[2], times[4], times[6], times[8], times[16]).ShouldBe((1f, 2f, 2.5f, 4f, 3f, 6f));
        times[5].ShouldBe(3.25f);                   // between
        times[24].ShouldBe(6 + (8 * 5f / 15), 1e-4f);   // beyond: a row costs what rows do on average
        Fill(new CostCurve(Measured), context: 100)[8].ShouldBe(3 + 0.8f, 1e-5f);
    }

    [Fact]
    public void Hiccup_is_not_believed()
    {
        var curve = new CostCurve(Measured);
        for (var i = 0; i < 10; i++) curve.Observe(4, 0, 2.5);
        curve.Observe(4, 0, 80);
        curve.Observe(4, 0, 60);
        Fill(curve)[4].ShouldBe(2.5f, 1e-4f);
        curve.Observe(4, 0, 2.6);
        for (var i = 0; i < 20; i++) curve.Observe(4, 0, i % 3 == 2 ? 50 : 2.5);
        Fill(curve)[4].ShouldBe(2.5f, 0.2f);
    }

    // the first steps of a process
    [Fact]
    public void First_time_of_a_size_is_not_believed_either_if_it_is_far_from_what_others_have_shown()
    {
        var curve = new CostCurve(Measured);
        curve.Observe(4, 0, 80);
        Fill(curve)[4].ShouldBe(2.5f);
        for (var i = 0; i < 4; i++) curve.Observe(1, 0, 2);
        curve.Observe(4, 0, 5);
        Fill(curve)[4].ShouldBe(5);
    }

    [Fact]
    public void Lasting_change_is_believed_within_a_few_steps_and_so_is_its_end()
    {
        var curve = new CostCurve(Measured);
        for (var i = 0; i < 10; i++) curve.Observe(4, 0, 2.5);
        for (var i = 0; i < 4; i++) curve.Observe(4, 0, 10);
        Fill(curve)[4].ShouldBe(10, 1e-3f);
        for (var i = 0; i < 4; i++) curve.Observe(4, 0, 2.5);
        Fill(curve)[4].ShouldBe(2.5f, 1e-3f);
    }

    [Fact]
    public void What_slows_one_size_is_expected_of_others_until_they_are_seen()
    {
        var curve = new CostCurve(Measured);
        for (var i = 0; i < 10; i++) curve.Observe(4, 0, 3.25);
        var times = Fill(curve);
        (times[1], times[8]).ShouldBe((1.3f, 3.9f));
        for (var round = 0; round < 20; round++)
        {
            for (var i = 0; i < 4; i++) curve.Observe(1, 0, 1);
            for (var i = 0; i < 4; i++) curve.Observe(4, 0, 3.25);
        }
        times = Fill(curve);
        times[1].ShouldBe(1, 0.03f);
        times[2].ShouldBeInRange(2, 2.6f);      // between the sizes seen
        times[4].ShouldBe(3.25f, 0.03f);
    }

    [Fact]
    public void Size_that_turns_out_much_slower_is_believed_the_second_time()
    {
        var curve = new CostCurve(Measured);
        for (var i = 0; i < 10; i++) curve.Observe(8, 0, 30);       // a neighbour made it ten times slower
        for (var i = 0; i < 50; i++) curve.Observe(1, 0, 1);
        Fill(curve)[8].ShouldBeLessThan(10);                        // not seen for long, it is thought to have changed like the others
        curve.Observe(8, 0, 30);                                    // still so, or a hiccup
        curve.Observe(1, 0, 1);
        Fill(curve)[8].ShouldBeLessThan(10);
        curve.Observe(8, 0, 30);
        curve.Observe(1, 0, 1);
        Fill(curve)[8].ShouldBeGreaterThan(10);
    }

    [Fact]
    public void Size_not_seen_for_long_is_not_thought_to_be_dearer()
    {
        var curve = new CostCurve(Measured);
        for (var i = 0; i < 10; i++) curve.Observe(1, 0, 0.8);      // cheaper than measured
        for (var i = 0; i < 200; i++) curve.Observe(4, 0, 2.6);     // about as measured
        Fill(curve)[1].ShouldBeLessThan(0.95f);
        for (var i = 0; i < 20; i++) curve.Observe(4, 0, 5.2);      // the whole machine becomes slower
        Fill(curve)[4].ShouldBe(5.2f, 1e-3f);
    }

    [Fact]
    public void Drift_of_the_size_in_use_is_expected_of_the_others()
    {
        var curve = new CostCurve(Measured);
        for (var round = 0; round < 10; round++)
        {
            for (var i = 0; i < 10; i++) curve.Observe(4, 0, 2.5);
            for (var i = 0; i < 10; i++) curve.Observe(1, 0, 0.8);
        }
        for (var i = 0; i < 5; i++) curve.Observe(4, 0, 2.5);
        for (var i = 0; i < 10; i++) curve.Observe(4, 0, 5);
        Fill(curve)[1].ShouldBe(1.6f, 0.05f);
    }

    // Graphs that take longer to build than was measured, caches that are cold: were each size charged with it, sizes that are not in use would look ever cheaper.
    [Fact]
    public void Slowness_behind_every_change_of_size_says_nothing_about_sizes()
    {
        var curve = new CostCurve(Measured);
        for (var i = 0; i < 10; i++) curve.Observe(16, 0, 6);
        for (var round = 0; round < 300; round++)
            foreach (var (rows, time) in new[] { (1, 1.0), (4, 2.5) })
                for (var i = 0; i < 4; i++) curve.Observe(rows, 0, i < 2 ? 1.3 * time : time);
        var times = Fill(curve);
        (times[4] / times[1]).ShouldBe(2.5f, 0.25f);
        times[16].ShouldBeInRange(4.5f, 8);     // 1 where each size was charged
    }

    [Fact]
    public void Measurement_that_cannot_be_is_told()
    {
        Measured.IsValid.ShouldBeTrue();
        (Measured with { Rows = [2, 3, 4, 6, 8, 16] }).IsValid.ShouldBeFalse();
        (Measured with { Rows = [1, 2, 2, 6, 8, 16] }).IsValid.ShouldBeFalse();
        (Measured with { Rows = [1, 2] }).IsValid.ShouldBeFalse();
        (Measured with { Times = [1, 2, double.NaN, 4, 3, 6] }).IsValid.ShouldBeFalse();
        (Measured with { Times = [1, 2, 0, 4, 3, 6] }).IsValid.ShouldBeFalse();
        (Measured with { Rebuild = -1 }).IsValid.ShouldBeFalse();
        CostMeasurement.Assumed.IsValid.ShouldBeTrue();
    }

    [Fact]
    public void File_gives_back_what_was_measured_and_nothing_else()
    {
        using var folder = new Ppd.Testing.TemporaryFolder();
        var file = new CostFile(folder["new"], "model a, 1 thread");
        file.Read().ShouldBeNull();
        file.Write(Measured).ShouldBeNull();
        var read = file.Read().ShouldNotBeNull();
        (read.PerRowAndToken, read.Rebuild, read.PerOutput).ShouldBe((Measured.PerRowAndToken, Measured.Rebuild, Measured.PerOutput));
        read.Rows.ShouldBe(Measured.Rows);
        read.Times.ShouldBe(Measured.Times);
        new CostFile(folder["new"], "model a, 2 threads").Read().ShouldBeNull();
        var path = Directory.GetFiles(folder["new"]).ShouldHaveSingleItem();
        foreach (var damaged in new[] { "", "{", "null", "{\"Key\":\"model a, 1 thread\",\"Value\":{\"Rows\":[1],\"Times\":[-1],\"PerRowAndToken\":0,\"Rebuild\":0,\"PerOutput\":0}}", "{\"Key\":\"model a, 1 thread\",\"Value\":{\"Rows\":[1],\"Times\":[1],\"PerRowAndToken\":0,\"Rebuild\":0}}", "{\"Key\":\"model a, 1 thread\",\"Value\":null}" })
        {
            File.WriteAllText(path, damaged);
            file.Read().ShouldBeNull();
        }
        file.Write(Measured).ShouldBeNull();
        file.Read().ShouldNotBeNull();
        File.WriteAllText(folder["file"], "");
        new CostFile(folder["file"], "a").Write(Measured).ShouldNotBeNull();
    }
}
