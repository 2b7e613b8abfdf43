using Ppd.Cli.Bench;
using Ppd.Decoding;
using Ppd.Native;

namespace Ppd.Cli.Tests;

public sealed class BenchNearTieTests(RandomModelFile random) : IClassFixture<RandomModelFile>
{
    const int At = 3;
    static readonly int[] Prompt = [300, 301, 302, 303];

    [Fact]
    public async Task Only_a_token_as_likely_as_the_plain_one_is_excused()
    {
        var plain = await Reply(random.Path);
        var drawn = plain[At];
        // a later token with the same row of output weights is exactly as likely
        var twin = Enumerable.Range(drawn + 1, 100).First(token => !plain.Contains(token));
        var path = WithTwin(drawn, twin);
        (await Reply(path)).ShouldBe(plain);
        using var model = LlamaModel.Load(LlamaLibrary.Load(null, null), path, gpuLayers: 0, progress: null, TestContext.Current.CancellationToken);
        using var nearTie = new NearTie(model, SamplingSettings.Greedy, longest: 64, threads: 1, flashAttention: false);
        nearTie.Excuses(Prompt, plain, new Divergence(0, At, twin)).ShouldBeTrue();
        nearTie.Excuses(Prompt, plain, new Divergence(0, At, twin + 1)).ShouldBeFalse();
        nearTie.Excuses(Prompt, plain, new Divergence(0, At, null)).ShouldBeFalse();
        nearTie.Excuses(Prompt, plain, new Divergence(0, At - 1, twin)).ShouldBeFalse();
    }

    static async Task<int[]> Reply(string path)
    {
        using var model = PpdModel.Load(new PpdModelOptions { ModelPath = path, Slots = 1, Threads = 1, GpuLayers = 0 }, cancellationToken: TestContext.Current.CancellationToken);
        var engine = new BenchEngine(model, SamplingSettings.Greedy);
        var run = await engine.Run([Prompt], BenchArm.Plain, PpdPlan.Off, engine.NewPlanner(), tokens: 8);
        return run.Replies.ShouldHaveSingleItem();
    }

    string WithTwin(int token, int twin)
    {
        var bytes = File.ReadAllBytes(random.Path);
        using var file = GgufFile.Open(random.Path);
        var output = file.Tensors["output.weight"];
        var row = file.Row(output, token);
        row.CopyTo(bytes.AsSpan(bytes.AsSpan().IndexOf(file.Row(output, twin)), row.Length));
        var path = random.Beside("twin.gguf");
        File.WriteAllBytes(path, bytes);
        return path;
    }
}
