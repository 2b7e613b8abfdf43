using Ppd.Testing;
using Ppd.Training.Demo.Training;

namespace Ppd.Training.Tests.Demo;

public sealed class DemoTrainerTests(DemoModelFixture fixture) : IClassFixture<DemoModelFixture>
{
    static readonly TimeSpan OneStep = TimeSpan.FromTicks(1);

    [Fact]
    public void A_resumed_training_goes_on_with_weights_moments_and_clock()
    {
        using var folder = new TemporaryFolder();
        var first = new DemoTrainer(fixture.Vocabulary, 1, folder["checkpoint"]);
        first.Run(OneStep, () => { }, _ => { }, TestContext.Current.CancellationToken);
        var second = new DemoTrainer(fixture.Vocabulary, 2, folder["checkpoint"]);
        Values(second).ShouldNotBe(Values(first));
        second.Resume();
        (second.Steps, second.Elapsed).ShouldBe((first.Steps, first.Elapsed));
        Values(second).ShouldBe(Values(first));
    }

    [Fact]
    public void A_checkpoint_of_another_shape_is_refused()
    {
        using var folder = new TemporaryFolder();
        DemoCheckpoint.Save(folder["checkpoint"], 1, OneStep, fixture.Weights);
        Should.Throw<InvalidDataException>(() => new DemoTrainer(fixture.Vocabulary, 1, folder["checkpoint"]).Resume()).Message.ShouldContain("another version");
    }

    static float[] Values(DemoTrainer trainer) => trainer.Weights["blk.0.attn_q.weight"].data<float>().ToArray();
}
