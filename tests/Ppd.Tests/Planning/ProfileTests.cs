using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Ppd.Planning;
using Ppd.Testing;
using Ppd.Tests.Decoding;

namespace Ppd.Tests.Planning;

public sealed class ProfileTests : IDisposable
{
    // nothing in it is the default
    static readonly MachineSettings Tuned = new(Threads: 1, FlashAttention: true, RepackWeights: false, BatchSize: 77);

    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void File_gives_back_what_was_chosen_for_the_same_key_only()
    {
        var file = new ProfileFile(_folder["new"], "model a, machine b");
        file.Read().ShouldBe((null, null));
        file.Write(Tuned).ShouldBeNull();
        file.Read().ShouldBe((Tuned, null));
        new ProfileFile(_folder["new"], "model a, machine c").Read().ShouldBe((null, null));
        Path.GetFileName(file.Path).ShouldMatch("^profile-[0-9a-f]{16}\\.json$");
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{")]
    [InlineData("{\"Key\":\"a\",\"Value\":null}")]
    [InlineData("{\"Key\":\"b\",\"Value\":{\"Threads\":1,\"FlashAttention\":true,\"RepackWeights\":true,\"BatchSize\":512}}")]
    [InlineData("{\"Key\":\"a\",\"Value\":{\"Threads\":1,\"FlashAttention\":true,\"BatchSize\":512}}")]
    [InlineData("{\"Key\":\"a\",\"Value\":{\"Threads\":\"one\",\"FlashAttention\":true,\"RepackWeights\":true,\"BatchSize\":512}}")]
    [InlineData("{\"Key\":\"a\",\"Value\":{\"Threads\":0,\"FlashAttention\":true,\"RepackWeights\":true,\"BatchSize\":512}}")]
    [InlineData("{\"Key\":\"a\",\"Value\":{\"Threads\":99999,\"FlashAttention\":true,\"RepackWeights\":true,\"BatchSize\":512}}")]
    [InlineData("{\"Key\":\"a\",\"Value\":{\"Threads\":1,\"FlashAttention\":true,\"RepackWeights\":true,\"BatchSize\":0}}")]
    [InlineData("{\"Key\":\"a\",\"Value\":{\"Threads\":1,\"FlashAttention\":true,\"RepackWeights\":true,\"BatchSize\":8193}}")]
    public void Damaged_file_or_one_out_of_range_is_refused_with_a_reason(string content)
    {
        var file = new ProfileFile(_folder["damaged"], "a");
        file.Write(Tuned).ShouldBeNull();
        File.WriteAllText(file.Path, content);
        var (settings, problem) = file.Read();
        settings.ShouldBeNull();
        problem.ShouldNotBeNullOrEmpty();
    }

    [Fact]
    public void Options_that_are_unset_take_the_profile()
    {
        var options = new PpdModelOptions();
        MachineSettings.Choose(options, Tuned, gpu: false, buildServer: false).ShouldBe(Tuned);
        MachineSettings.Choose(options, null, gpu: false, buildServer: false).ShouldBe(new MachineSettings(PpdModel.DefaultThreads, false, true, 512));
        MachineSettings.Choose(options, null, gpu: true, buildServer: false).FlashAttention.ShouldBeTrue();
        MachineSettings.Choose(options, Tuned with { FlashAttention = false }, gpu: true, buildServer: false).FlashAttention.ShouldBeFalse();
    }

    [Fact]
    public void Options_that_are_set_win_over_the_profile_one_by_one()
    {
        var profile = Tuned with { Threads = 5 };
        MachineSettings Choose(PpdModelOptions options) => MachineSettings.Choose(options, profile, gpu: false, buildServer: false);
        Choose(new PpdModelOptions { Threads = 3 }).ShouldBe(profile with { Threads = 3 });
        Choose(new PpdModelOptions { FlashAttention = PpdFlashAttention.Off }).ShouldBe(profile with { FlashAttention = false });
        Choose(new PpdModelOptions { RepackWeights = true }).ShouldBe(profile with { RepackWeights = true });
        Choose(new PpdModelOptions { BatchSize = 512 }).ShouldBe(profile with { BatchSize = 512 });
    }

    [Fact]
    public void Build_server_keeps_its_threads()
    {
        var profile = Tuned with { Threads = PpdModel.DefaultThreads + 1 };
        MachineSettings.Choose(new PpdModelOptions(), profile, gpu: false, buildServer: true).ShouldBe(profile with { Threads = PpdModel.DefaultThreads });
        MachineSettings.Choose(new PpdModelOptions { Threads = 4 }, profile, gpu: false, buildServer: true).Threads.ShouldBe(4);
    }

    [Fact]
    public void Load_takes_the_profile_and_decodes_with_it()
    {
        var options = Options(TestModels.RandomPath);
        Write(options, Tuned);
        var log = new LineLog();
        using var model = PpdModel.Load(options, log, cancellationToken: TestContext.Current.CancellationToken);
        model.Machine.ShouldBe(Tuned);
        log.Lines.ShouldContain(line => line.Contains("profile-") && line.Contains("batches of 77 tokens"));
    }

    [Fact]
    public void Load_with_other_layers_on_a_GPU_does_not_take_it()
    {
        var options = Options(TestModels.RandomPath);
        Write(options, Tuned);
        options.GpuLayers = 1;
        using var model = PpdModel.Load(options, cancellationToken: TestContext.Current.CancellationToken);
        model.Machine.BatchSize.ShouldBe(512);
    }

    [Fact]
    public void Damaged_profile_is_told_and_the_load_goes_on_with_the_defaults()
    {
        var options = Options(TestModels.RandomPath);
        File.WriteAllText(Write(options, Tuned), "{");
        var log = new LineLog();
        using var model = PpdModel.Load(options, log, cancellationToken: TestContext.Current.CancellationToken);
        model.Machine.ShouldBe(MachineSettings.Default(gpu: false));
        log.Lines.ShouldContain(line => line.Contains("profile-") && line.Contains("is ignored"));
    }

    [Fact]
    public void Batches_of_the_profile_that_do_not_fit_into_memory_with_these_options_are_left_out()
    {
        // scores of attention, 4 bytes for each row, cell and head: twice the memory with 8,192 rows, a seventh of it with 512
        var path = _folder["wide.gguf"];
        var context = (int)Math.Min(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes * 2 / (8256 * 4 * sizeof(float)), 1 << 30);
        RandomModel.Write(path, new RandomModelOptions { ContextLength = context });
        var options = Options(path);
        (options.ContextLength, options.Slots) = (context, 1);
        var profile = Tuned with { FlashAttention = false, BatchSize = 8192 };
        Write(options, profile);
        var (engine, machine) = ModelSource.Open(options, NullLoggerFactory.Instance).Settings(options, NullLogger.Instance);
        machine.ShouldBe(profile with { BatchSize = 512 });
        engine.PrefillRows.ShouldBe(512);
        options.BatchSize = 8192;
        Should.Throw<PpdModelLoadException>(() => ModelSource.Open(options, NullLoggerFactory.Instance).Settings(options, NullLogger.Instance)).Message.ShouldContain("BatchSize");
    }

    [Fact]
    public void Costs_measured_before_serve_loads_with_other_slots_and_batches_but_not_with_other_weights()
    {
        var options = Options(TestModels.RandomPath);
        options.DraftTokens = 8;
        int Files(PpdModelOptions options)
        {
            using var model = PpdModel.Load(options, cancellationToken: TestContext.Current.CancellationToken);
            return Directory.GetFiles(_folder["cache"], "cost-*").Length;
        }
        Files(options).ShouldBe(1);
        (options.Slots, options.BatchSize, options.QueueLimit) = (2, 64, 3);
        Files(options).ShouldBe(1);
        options.RepackWeights = false;
        Files(options).ShouldBe(2);
        options.FlashAttention = PpdFlashAttention.On;
        Files(options).ShouldBe(3);
    }

    PpdModelOptions Options(string model) =>
        new() { ModelPath = model, GpuLayers = 0, DraftTokens = 0, CacheFolder = _folder["cache"], ChatTemplate = "{{ messages[0].content }}" };

    static string Write(PpdModelOptions options, MachineSettings settings)
    {
        var file = ModelSource.Open(options, NullLoggerFactory.Instance).Cache.ShouldNotBeNull().Profile;
        file.Write(settings).ShouldBeNull();
        return file.Path;
    }

    sealed class LineLog : ILoggerFactory, ILogger
    {
        internal List<string> Lines { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public void AddProvider(ILoggerProvider provider) { }

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (Lines) Lines.Add(formatter(state, exception));
        }

        public void Dispose() { }
    }
}
