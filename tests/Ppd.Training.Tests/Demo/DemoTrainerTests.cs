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
        var first = new DemoTrainer(fixture.Vocabulary, 1, folder["checkpoint"], workers: 1);
        first.Run(OneStep, () => { }, _ => { }, TestContext.Current.CancellationToken);
        var second = new DemoTrainer(fixture.Vocabulary, 2, folder["checkpoint"], workers: 1);
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
        Should.Throw<InvalidDataException>(() => new DemoTrainer(fixture.Vocabulary, 1, folder["checkpoint"], workers: 1).Resume()).Message.ShouldContain("another version");
    }

    [Fact]
    public void Workers_do_not_change_the_result()
    {
        using var folder = new TemporaryFolder();
        var one = new DemoTrainer(fixture.Vocabulary, 1, folder["one"], workers: 1);
        var two = new DemoTrainer(fixture.Vocabulary, 1, folder["two"], workers: 2);
        one.Run(OneStep, () => { }, _ => { }, TestContext.Current.CancellationToken);
        two.Run(OneStep, () => { }, _ => { }, TestContext.Current.CancellationToken);
        (one.Steps, two.Steps).ShouldBe((1, 1));
        Values(two).ShouldBe(Values(one));
    }

    static float[] Values(DemoTrainer trainer) => trainer.Weights["blk.0.attn_q.weight"].data<float>().ToArray();
}
