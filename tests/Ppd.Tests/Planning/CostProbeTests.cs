using Ppd.Native;
using Ppd.Planning;
using Ppd.Tests.Decoding;

namespace Ppd.Tests.Planning;

public sealed class CostProbeTests
{
    [Theory]
    [InlineData(false, 600)]
    [InlineData(true, 600)]
    [InlineData(false, 40)]     // a model that knows few positions
    public void Every_size_that_fits_is_measured_and_the_cache_is_left_empty(bool embeddings, int positions)
    {
        var model = TestModels.Load("random");
        using var context = LlamaContext.Create(model, new ContextSettings(1024, 576, CostCurve.MostRows, 1, 1, FlashAttention: false));
        var measured = CostProbe.Measure(context, positions, embeddings, TimeSpan.FromSeconds(20));
        measured.IsValid.ShouldBeTrue();
        measured.Rows.ShouldBe(new[] { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 14, 16, 20, 24, 28, 32, 40, 48, 56, 64 }.Where(rows => rows <= positions));
        context.LastPosition(0).ShouldBe(-1);
        if (positions < 400) measured.PerRowAndToken.ShouldBe(0);
    }

    [Fact]
    public void Without_time_the_shape_of_the_curve_is_measured_all_the_same()
    {
        var model = TestModels.Load("random");
        using var context = LlamaContext.Create(model, new ContextSettings(1024, 576, CostCurve.MostRows, 1, 1, FlashAttention: false));
        CostProbe.Measure(context, 600, embeddings: false, TimeSpan.Zero).Rows.ShouldBe([1, 2, 4, 8]);
    }
}
