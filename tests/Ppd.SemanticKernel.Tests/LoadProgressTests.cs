using Microsoft.Extensions.Logging;

namespace Ppd.SemanticKernel.Tests;

/// <summary>What a load tells while it lasts.</summary>
[Collection(nameof(OneLog))]
public sealed class LoadProgressTests(RandomChatModel random)
{
    [Fact]
    public void Progress_rises_to_one_for_the_caller_and_for_the_options()
    {
        var (caller, options) = (new Recorder(), new Recorder());
        var what = random.Options("one");
        what.LoadProgress = options;
        PpdModel.Load(what, progress: caller, cancellationToken: TestContext.Current.CancellationToken).Dispose();
        caller.Fractions.Count.ShouldBeGreaterThan(1);
        caller.Fractions.ShouldBe(caller.Fractions.Order().Distinct());
        caller.Fractions[^1].ShouldBe(1);
        options.Fractions.ShouldBe(caller.Fractions);
    }

    [Fact]
    public void The_log_tells_of_begin_quarters_and_end()
    {
        var log = new RecordingLogger();
        using var loggers = LoggerFactory.Create(builder => builder.AddProvider(log).SetMinimumLevel(LogLevel.Debug));
        PpdModel.Load(random.Options("one"), loggers, cancellationToken: TestContext.Current.CancellationToken).Dispose();
        var lines = log.Lines.Where(line => line.StartsWith("Ppd.PpdModel: ", StringComparison.Ordinal)).Select(line => line["Ppd.PpdModel: ".Length..]).ToList();
        lines[0].ShouldBe($"Loading '{random.Path}'");
        lines.ShouldContain($"Loading '{random.Path}': 100 %");
        lines[^1].ShouldStartWith("Model 'one' is ready after ");
        lines[^1].ShouldEndWith("2 slots of 256 tokens, 1 threads, prompt tokens False");
    }

    sealed class Recorder : IProgress<float>
    {
        public List<float> Fractions { get; } = [];

        public void Report(float value) => Fractions.Add(value);
    }
}
