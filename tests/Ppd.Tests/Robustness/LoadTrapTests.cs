using Microsoft.Extensions.AI;
using Ppd.Testing;
using Ppd.Tests.Decoding;
using Ppd.Tests.Native;

namespace Ppd.Tests.Robustness;

/// <summary>Files and options that would end the process while a model loads or at its first decode.</summary>
public sealed class LoadTrapTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    static readonly Dictionary<string, (Func<TinyModel> Model, string Said)> Files = new()
    {
        ["two tokens alike"] = (() => new TinyModel().Rename(259, "<0x41>"), "tokens"),
        ["no blocks"] = (() => new TinyModel().With("block_count", 0u), "block_count"),
        ["epsilon that is no number"] = (() => new TinyModel().With("attention.layer_norm_rms_epsilon", float.NaN), "layer_norm_rms_epsilon"),
        ["negative epsilon"] = (() => new TinyModel().With("attention.layer_norm_rms_epsilon", -1f), "layer_norm_rms_epsilon"),
    };

    public static TheoryData<string> Names() => [.. Files.Keys];

    [Theory, MemberData(nameof(Names))]
    public void File_that_would_end_the_process_is_refused(string name)
    {
        var path = _folder["model.gguf"];
        Files[name].Model().Write(path);
        var error = Should.Throw<PpdModelLoadException>(() => PpdModel.Load(new PpdModelOptions { ModelPath = path, Threads = 1 }));
        error.Message.ShouldContain(Files[name].Said);
        error.Message.ShouldContain(path);
    }

    [Fact]
    public void Cache_beyond_the_memory_is_refused()
    {
        var path = _folder["giant.gguf"];
        RandomModel.Write(path, new RandomModelOptions { ContextLength = 1 << 30 });
        var error = Should.Throw<PpdModelLoadException>(() => PpdModel.Load(new PpdModelOptions { ModelPath = path, Threads = 1, ContextLength = 1 << 30, GpuLayers = 0 }));
        error.Message.ShouldContain("GB");
        error.Message.ShouldContain("ContextLength");
    }

    [Fact]
    public void Buffers_beyond_the_memory_are_refused_where_the_cache_alone_would_fit()
    {
        var path = _folder["wide.gguf"];
        RandomModel.Write(path, new RandomModelOptions { ContextLength = 1 << 21 });
        // cache 2 GB; attention scores of 8,256 rows over 8 million cells and 4 heads: 1,100 GB
        var error = Should.Throw<PpdModelLoadException>(() =>
            PpdModel.Load(new PpdModelOptions { ModelPath = path, Threads = 1, ContextLength = 1 << 21, BatchSize = 8192, GpuLayers = 0 }));
        error.Message.ShouldContain("2.1 GB for the cache");
        error.Message.ShouldContain("BatchSize");
    }

    [Fact]
    public void Thousand_threads_are_refused() =>
        Should.Throw<ArgumentException>(() => PpdModel.Load(new PpdModelOptions { ModelPath = TestModels.RandomPath, Threads = 1000 })).Message.ShouldContain("Threads is 1000");

    [Theory]
    [InlineData(0f)]
    [InlineData(0.8f)]
    public async Task Weights_that_are_no_numbers_are_reported(float temperature)
    {
        var path = _folder["nan.gguf"];
        var bytes = await File.ReadAllBytesAsync(TestModels.RandomPath, TestContext.Current.CancellationToken);
        using (var file = Ppd.Native.GgufFile.Open(TestModels.RandomPath))
            BitConverter.GetBytes(float.NaN).CopyTo(bytes, file.Tensors["output_norm.weight"].Offset);
        await File.WriteAllBytesAsync(path, bytes, TestContext.Current.CancellationToken);
        var options = new PpdModelOptions { ModelPath = path, Threads = 1, Slots = 1, GpuLayers = 0, ChatTemplate = "{{ messages[0].content }}" };
        Should.Throw<PpdModelLoadException>(() => new PpdChatClient(options)).Message.ShouldContain("logits that are not numbers");
        options.DraftTokens = 0;        // nothing is tried when it loads
        using var client = new PpdChatClient(options);
        var error = await Should.ThrowAsync<PpdException>(() =>
            client.GetResponseAsync("to be", new ChatOptions { Temperature = temperature, MaxOutputTokens = 5 }, TestContext.Current.CancellationToken));
        error.Message.ShouldContain("logits that are not numbers");
    }
}
