using Microsoft.Extensions.Logging.Abstractions;
using Ppd.Native;
using Ppd.Planning;
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
        var costs = Directory.GetFiles(cache, "cost-*").ShouldHaveSingleItem();
        options.Threads = profile.Threads;      // which are not taken where this runs on a build server
        using var model = PpdModel.Load(options, cancellationToken: TestContext.Current.CancellationToken);
        model.Machine.ShouldBe(profile with { BatchSize = 77 });
        Directory.GetFiles(cache, "cost-*").ShouldBe([costs]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Profile_in_the_folder_of_the_user_decides_whether_llama_cpp_repacks_weights(bool repack)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The folder of the user can be moved by an environment variable on Linux only.");
        var library = LlamaLibrary.Load(null, null);
        Assert.SkipUnless(library.SystemInfo.Contains("REPACK = 1") && library.SystemInfo.Contains("AVX2 = 1"), "This llama.cpp has no repacked kernels for Q4_0 on this processor.");
        var path = _folder["quantised.gguf"];
        RandomModel.Write(path, new RandomModelOptions
        {
            WeightType = RandomWeightType.Q4_0, EmbeddingLength = 256, FeedForwardLength = 256, ChatTemplate = RandomModelFile.Template, Quantise = GgmlQuantiser.Of(library.Location.GgmlBase),
        });
        var source = ModelSource.Open(new PpdModelOptions { ModelPath = path, CacheFolder = _folder["data/ppd"] }, NullLoggerFactory.Instance);
        source.Cache!.Profile.Write(new MachineSettings(Threads: 1, FlashAttention: false, repack, BatchSize: 64)).ShouldBeNull();
        var start = PpdProgram.Start(["chat", path, "--verbose", "--prompt", "hello", "--max-tokens", "2"]);
        start.Environment["XDG_DATA_HOME"] = _folder["data"];
        start.Environment.Remove("PPD_CACHE");      // it would come first
        var run = await PpdProgram.Run(start);
        run.ShouldSatisfyAllConditions(
            () => run.ExitCode.ShouldBe(0, run.Error),
            () => run.Error.ShouldContain("model buffer size"),
            () => run.Error.Contains("CPU_REPACK model buffer size").ShouldBe(repack, run.Error),
            () => run.Error.ShouldContain("batches of 64 tokens"));
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
