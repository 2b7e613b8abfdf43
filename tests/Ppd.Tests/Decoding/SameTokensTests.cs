using System.Text;
using Ppd.Decoding;
using Ppd.Native;
using Ppd.Testing;

namespace Ppd.Tests.Decoding;

/// <summary>Architecture.md, "same tokens": any draft source, any number of concurrent requests, any sampler emit the tokens of plain decoding.</summary>
public sealed class SameTokensTests
{
    static readonly Dictionary<string, SamplingSettings> Samplers = new()
    {
        ["greedy"] = SamplingSettings.Greedy,
        ["sampled"] = new(Temperature: 0.8f, TopK: 40, TopP: 0.95f, MinP: 0.05f, Seed: 42),
        ["penalised"] = new(Temperature: 0.8f, TopK: 40, TopP: 0.95f, MinP: 0.05f, RepeatPenalty: 1.1f, FrequencyPenalty: 0.1f, Seed: 43),
        ["unrestricted"] = new(Temperature: 0.8f, TopK: 0, TopP: 1, MinP: 0, Seed: 44),
    };

    public static TheoryData<string, string, bool> Cases()
    {
        TheoryData<string, string, bool> cases = [];
        foreach (var model in new[] { "random", TestModels.Stories, TestModels.Cardputer })
        {
            // an F32 cache leaves hardly any noise, so near-ties can hide nothing; the F16 cache is what users run
            foreach (var sampler in Samplers.Keys) cases.Add(model, sampler, true);
            cases.Add(model, "sampled", false);
        }
        return cases;
    }

    [Fact]
    public async Task Plain_decoding_is_one_token_after_the_other()
    {
        using var harness = new EngineHarness("random", cache: GgmlType.F32);
        using var reference = new ReferenceDecoder(harness.Model, cache: GgmlType.F32);
        int[] prompt = [.. Enumerable.Range(300, 30)];
        var (tokens, _) = await harness.Run(prompt, Samplers["penalised"], 200);
        tokens.ShouldBe(reference.Generate(prompt, Samplers["penalised"], 200).Select(s => s.Token));
        tokens.Count.ShouldBe(200);
    }

    [Theory, MemberData(nameof(Cases))]
    public async Task Drafts_and_company_do_not_change_a_token(string name, string sampler, bool exactCache)
    {
        TestModels.SkipUnlessAvailable(name);
        var cache = exactCache ? GgmlType.F32 : GgmlType.F16;
        using var harness = new EngineHarness(name, cache: cache);
        using var withPrompts = new EngineHarness(name, cache: cache, prompts: TestPrompts.Random(TestModels.Path(name), count: 3, ensemble: 1));
        using var withEnsembles = new EngineHarness(name, cache: cache, prompts: TestPrompts.Random(TestModels.Path(name), count: 2, ensemble: 2, rank: 4));
        var (sampling, perPrompt) = (Samplers[sampler], harness.ContextLength - 60);
        var (plain, ties, proposed, accepted, compared) = (new List<List<int>>(), 0, 0, 0, 0);
        var prompts = Prompts(name, harness).ToList();
        // at least 2,000 tokens of plain decoding, one request at a time: the base line
        var used = new List<int[]>();
        foreach (var prompt in prompts)
        {
            used.Add(prompt);
            plain.Add((await harness.Run(prompt, sampling, perPrompt)).Tokens);
            if (plain.Sum(t => t.Count) >= 2000) break;
        }
        plain.Sum(t => t.Count).ShouldBeGreaterThanOrEqualTo(2000);

        (EngineHarness Engine, int Drafts, bool Oracle, bool Concurrent, PpdPlan? Plan)[] arms =
            [
            (harness, 0, false, true, null), (harness, 4, false, false, null), (withPrompts, 4, false, true, null), (harness, 8, true, false, null), (withEnsembles, 3, true, true, null),
            (withPrompts, 24, true, true, PpdPlan.Auto),
        ];
        foreach (var (engine, drafts, oracle, concurrent, plan) in arms)
        {
            async Task<(List<int> Tokens, GenerationResult Result)> Start(int i) => await engine.Run(used[i], sampling, perPrompt, drafts,
                oracle ? new OracleSource([.. used[i], .. plain[i]], harness.Model.Vocabulary.Count, i) : null, plan);
            // a step with prompt tokens has many rows: a third of the replies is enough of them
            var count = engine == harness ? used.Count : (used.Count + 2) / 3;
            List<(List<int> Tokens, GenerationResult Result)> replies = [];
            if (concurrent)
                for (var start = 0; start < count; start += 4)
                    replies.AddRange(await Task.WhenAll(Enumerable.Range(start, Math.Min(4, count - start)).Select(Start)));
            else
                for (var i = 0; i < count; i++) replies.Add(await Start(i));

            replies.Count.ShouldBe(count);
            for (var i = 0; i < replies.Count; i++)
            {
                var (tokens, result) = replies[i];
                proposed += result.Statistics.ProposedTokens;
                accepted += result.Statistics.AcceptedTokens;
                result.Statistics.GeneratedTokens.ShouldBe(tokens.Count);
                if (drafts == 0) result.Statistics.Steps.ShouldBeInRange(tokens.Count, tokens.Count + 1);
                compared += tokens.Count;
                var divergence = Divergence(plain[i], tokens);
                if (divergence < 0) continue;
                NearTie.Excuses(harness.Model, cache, used[i], sampling, plain[i], tokens, divergence)
                    .ShouldBeTrue($"{name} {sampler}, drafts {drafts} oracle {oracle} concurrent {concurrent}: reply {i} parts from plain decoding at token {divergence}, and not by a near-tie");
                ties++;
            }
        }
        accepted.ShouldBeGreaterThan(200);
        proposed.ShouldBeGreaterThan(accepted);
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"{name} {sampler} {cache} cache: {compared} tokens compared, {accepted} of {proposed} drafts accepted, {ties} replies parted at a near-tie");
    }

    static int Divergence(List<int> plain, List<int> other)
    {
        var common = plain.Zip(other).TakeWhile(pair => pair.First == pair.Second).Count();
        return common == plain.Count && common == other.Count ? -1 : common;
    }

    static IEnumerable<int[]> Prompts(string name, EngineHarness harness)
    {
        if (name == "random")
        {
            var random = new Random(5);
            return Enumerable.Range(0, 40).Select(_ => Enumerable.Range(0, 20).Select(_ => random.Next(260, 512)).ToArray());
        }
        if (name == TestModels.Stories)
            return new[] { "Once upon a time", "Lily and Tom", "The big dog", "One day, a boy", "There was a cat", "A bird sang" }.Select(harness.Tokenize);
        var dialogues = File.ReadAllText(SharedData.Path("models", name, "chat_val_half.txt"), Encoding.UTF8).Split("<|endoftext|>", StringSplitOptions.RemoveEmptyEntries);
        return dialogues.Select(d => d.Trim()).Where(d => d.Contains("\nBot:", StringComparison.Ordinal))
            .Select(d => harness.Tokenize(d[..(d.IndexOf("\nBot:", StringComparison.Ordinal) + 5)])).Where(p => p.Length < 50);
    }
}
