using Microsoft.Extensions.Logging.Abstractions;
using Ppd.Testing;

namespace Ppd.Cli.Tests;

public sealed class TuneTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Settings_of_the_small_model_are_measured_and_the_next_load_takes_them_without_measuring()
    {
        var cache = _folder["cache"];
        var run = await PpdProgram.Run(["tune", "--quick", "--cache", cache, "--plot", _folder["curve.png"]]);
        run.ShouldSatisfyAllConditions(
            () => run.ExitCode.ShouldBe(0, run.Error),
            () => run.Output.ShouldContain("planned tokens/s"),
            () => run.Output.Split('\n').Count(line => line.TrimEnd().EndsWith("chosen")).ShouldBe(4, run.Output),     // threads, attention, weights, batch
            () => run.Output.ShouldContain("Chosen: "),
            () => run.Output.ShouldContain(Path.Combine(cache, "profile-")),
            () => run.ErrorLines.ShouldContain("100 % measured"),
            () => File.ReadAllBytes(_folder["curve.png"]).AsSpan(1, 3).SequenceEqual("PNG"u8).ShouldBeTrue());

        var options = new PpdModelOptions { CacheFolder = cache };
        var file = ModelSource.Open(options, NullLoggerFactory.Instance).Cache!.Profile;
        var profile = file.Read().Settings.ShouldNotBeNull();
        run.Output.ShouldContain($"Chosen: {profile}.");
        file.Write(profile with { BatchSize = 77 }).ShouldBeNull();      // no default
        options.Threads = profile.Threads;      // which are not taken where this runs on a build server
        using var model = PpdModel.Load(options, cancellationToken: TestContext.Current.CancellationToken);
        model.Machine.ShouldBe(profile with { BatchSize = 77 });
        Directory.GetFiles(cache, "cost-*").ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Dry_run_writes_nothing()
    {
        var path = _folder["random.gguf"];
        RandomModel.Write(path, new RandomModelOptions { ContextLength = 128 });
        var run = await PpdProgram.Run(["tune", path, "--quick", "--dry-run", "--cache", _folder["cache"]]);
        run.ShouldSatisfyAllConditions(
            () => run.ExitCode.ShouldBe(0, run.Error),
            () => run.Output.ShouldContain("Chosen: "),
            () => run.Output.ShouldContain("every guess is right 60 times in 100"),
            () => run.Output.ShouldContain("--dry-run"),
            () => Directory.Exists(_folder["cache"]).ShouldBeFalse());
    }

    [Fact]
    public async Task What_cannot_be_written_is_told_before_the_measurement()
    {
        var run = await PpdProgram.Run(["tune", "--dry-run", "--plot", _folder["nowhere/curve.png"]]);
        run.ExitCode.ShouldBe(1);
        run.ErrorLines.ShouldHaveSingleItem().ShouldContain("nowhere");
        run.Output.ShouldBeEmpty();
    }

    [Fact]
    public async Task Help_names_the_default_of_every_option()
    {
        var run = await PpdProgram.Run(["tune", "--help"]);
        run.ExitCode.ShouldBe(0);
        var text = string.Join(' ', run.Output[run.Output.IndexOf("Options:", StringComparison.Ordinal)..].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        var options = text.Split(" --").Skip(1).Where(option => !option.StartsWith("help")).ToArray();
        options.Length.ShouldBe(8);
        options.ShouldAllBe(option => option.Contains("Default"));
    }
}
