using Ppd.Testing;
using Ppd.Tests.Decoding;

namespace Ppd.Tests.Robustness;

/// <summary>Damaged files through everything an application does with a model: each is served or refused with a typed error; none ends the process.</summary>
public sealed class MutatedFileTests
{
    const int Files = 500;
    const int Batch = 50;

    [Fact]
    public async Task Mutated_model_is_served_or_refused_by_a_typed_error()
    {
        using var folder = new TemporaryFolder();
        var random = new Random(20250702);
        var models = SharedData.Available ? new[] { "random", TestModels.Stories } : ["random"];
        var mutators = models.Select(name => (Name: name, Mutator: new ModelMutator(TestModels.Path(name)))).ToArray();
        var (loaded, refused) = (0, 0);
        for (var start = 0; start < Files; start += Batch)
        {
            List<string> paths = [];
            for (var i = start; i < start + Batch; i++)
            {
                var (name, mutator) = mutators[i % mutators.Length];
                var (kind, bytes) = mutator.Next(random);
                paths.Add(folder[$"{i:000}-{name}-{kind}.gguf"]);
                File.WriteAllBytes(paths[^1], bytes);
            }
            var (exitCode, lines, errors) = await ProbeProcess.Run(paths);
            for (var i = 0; i < Batch; i++)
            {
                var file = Path.GetFileName(paths[i]);
                i.ShouldBeLessThan(lines.Count, $"the process ended ({exitCode?.ToString() ?? "killed"}) at {file} of seed 20250702: {errors}");
                if (lines[i].StartsWith($"OK {file}: ", StringComparison.Ordinal)) loaded++;
                else if (lines[i].StartsWith($"REFUSED {file}: ", StringComparison.Ordinal)) refused++;
                else Assert.Fail($"neither served nor refused: {lines[i]}");
                File.Delete(paths[i]);
            }
            lines.Count.ShouldBe(Batch);
            exitCode.ShouldBe(0, errors);
        }
        TestContext.Current.TestOutputHelper!.WriteLine($"{Files} mutations of {string.Join(" and ", models)}: {loaded} served, {refused} refused");
        (loaded + refused).ShouldBe(Files);
        // both outcomes occur, or the mutations would say nothing
        loaded.ShouldBeGreaterThan(Files / 10);
        refused.ShouldBeGreaterThan(Files / 10);
    }

    [Fact]
    public async Task Probe_tells_a_sound_file_from_a_missing_one()
    {
        var (exitCode, lines, errors) = await ProbeProcess.Run(TestModels.RandomPath, TestModels.RandomPath + ".missing");
        exitCode.ShouldBe(0, errors);
        lines.Count.ShouldBe(2);
        lines[0].ShouldBe("OK ppd-test-random.gguf: 12 and 4 tokens");
        lines[1].ShouldStartWith("REFUSED ppd-test-random.gguf.missing: PpdModelLoadException: ");
    }
}
