using Ppd.Training.Data;
using Ppd.Training.Prompts;

namespace Ppd.Training.Tests.Prompts;

public sealed class PromptTrainerTests
{
    static readonly PromptTrainingOptions Options = new() { Count = 2, Length = 48, BatchRows = 2, Points = 8, Patience = 0 };

    [Theory]
    [InlineData("Kl", 1, 0)]
    [InlineData("Ce", 2, 0)]
    [InlineData("Reach", 1, 4)]
    public void Training_lowers_the_loss(string loss, int ensemble, int rank)
    {
        using var model = new TinyModel();
        using var trainer = Trainer(model, Options with { Loss = Enum.Parse<PromptLossKind>(loss), Ensemble = ensemble, Rank = rank });
        trainer.TotalSteps = 60;
        var losses = Enumerable.Range(0, 60).Select(_ => trainer.Train()).ToList();
        losses.TakeLast(10).Average().ShouldBeLessThan(0.95 * losses.Take(10).Average());
    }

    [Fact]
    public void A_run_that_is_killed_and_resumed_ends_with_the_same_bits()
    {
        using var model = new TinyModel();
        var path = model["checkpoint"];
        using var whole = Trainer(model, Options with { Rank = 2 });
        new TrainingLoop(whole, null, "key", () => 0).Run(24, 0, () => { }, _ => { }, TestContext.Current.CancellationToken);

        using (var killed = Trainer(model, Options with { Rank = 2 }))
        {
            using var kill = new CancellationTokenSource();
            void AfterTen()
            {
                if (killed.Step == 10) kill.Cancel();
            }
            Should.Throw<OperationCanceledException>(() => new TrainingLoop(killed, path, "key", () => 0).Run(24, 0, AfterTen, _ => { }, kill.Token));
        }
        using var resumed = Trainer(model, Options with { Rank = 2 });
        resumed.Restore(Checkpoint.Read(path, "key"));
        resumed.Step.ShouldBe(10);
        new TrainingLoop(resumed, path, "key", () => 0).Run(24, 0, () => { }, _ => { }, TestContext.Current.CancellationToken);

        resumed.Step.ShouldBe(24);
        var (expected, actual) = (whole.Save(), resumed.Save());
        actual.Parameters.ShouldBe(expected.Parameters);
        actual.Optimiser.ShouldBe(expected.Optimiser);
        actual.Best.ShouldBe(expected.Best);
        actual.History.Select(point => point.Hits.Score).ShouldBe(expected.History.Select(point => point.Hits.Score));
    }

    [Fact]
    public void A_checkpoint_of_another_run_is_refused()
    {
        using var model = new TinyModel();
        using var trainer = Trainer(model, Options);
        Checkpoint.Write(model["checkpoint"], Options.Key("text"), trainer.Save());
        Should.Throw<PpdException>(() => Checkpoint.Read(model["checkpoint"], (Options with { Seed = 2 }).Key("text"))).Message.ShouldContain("belongs to another run");
    }

    static PromptTrainer Trainer(TinyModel model, PromptTrainingOptions options)
    {
        var prompts = PromptParameters.Create(model.Transformer, options.Count, options.Ensemble, options.Rank, options.Init, options.Seed);
        return new PromptTrainer(model.Transformer, new PackedForward(model.Transformer, prompts, options.Mask), Text(model), options);
    }

    static TokenText Text(TinyModel model) => new([.. Enumerable.Range(1, 12).Select(seed => model.Tokens(40, seed))],
        [.. Enumerable.Range(50, 4).Select(seed => new Continuation(model.Tokens(30, seed), 10))], "random tokens");
}
