using System.Diagnostics;
using System.Text.Json;
using Ppd.Chat.Schemas;
using Ppd.Decoding;
using Ppd.Drafting;
using Ppd.Grammars;
using Ppd.Native;

namespace Ppd.Benchmarks;

/// <summary>What a grammar costs: time outside of <c>llama_decode</c> per token under it, and of its drafts; vocabulary 32,000.</summary>
static class GrammarTime
{
    const int Tokens = 150;

    // what the model is free to write between what is forced
    static readonly (string Name, string Text)[] Grammars =
    [
        ("free string", "root ::= \"\\\"\" [^\\\"\\\\\\n]* \"\\\"\""),
        ("hexadecimal", "root ::= [0-9a-f]+"),
        ("forced", "root ::= (\"the rest of this sentence is always the same and it goes on for a while, \")+"),
        ("numbers", "root ::= number (\", \" number)*\nnumber ::= [0-9]{1,3}"),
    ];

    internal static void Run(Arguments arguments)
    {
        var library = LlamaLibrary.Load(null, null);
        using var model = LlamaModel.Load(library, Models.Small(library), 0, null, default);
        using var run = new EngineRun(model, new EngineSettings(1280, Slots: 1, QueueLimit: 4, PrefillRows: 512, arguments.Number("--threads", 1), FlashAttention: false));
        int[] prompt = [.. Enumerable.Range(300, 200)];
        Console.WriteLine("grammar       sampler    drafts   tokens/step   host us/step (median of 5, min-max)   bytes allocated/step");
        foreach (var sampling in new[] { SamplingSettings.Greedy, new SamplingSettings(Seed: 1) })
        {
            Measure(run, model, prompt, "none", sampling, drafts: 0);
            foreach (var (name, text) in Grammars)
                foreach (var drafts in new[] { 0, 15 }) Measure(run, model, prompt, name, sampling with { Grammar = new GrammarConstraint(Grammar.Parse(text)) }, drafts);
        }
        Compilation();
    }

    static void Measure(EngineRun run, LlamaModel model, int[] prompt, string name, SamplingSettings sampling, int drafts)
    {
        List<double> times = [];
        var (allocated, tokens) = (0.0, 0.0);
        for (var i = 0; i < 6; i++)
        {
            var reply = run.Generate(prompt, Tokens, drafts, drafts == 0 ? [] : [new NGramSource(), new GrammarSource(model.Vocabulary, sampling.Grammar!)], sampling, plan: PpdPlan.Tree(drafts + 1));
            (allocated, tokens) = ((double)reply.Allocated / reply.Statistics.Steps, reply.Statistics.TokensPerStep);
            if (i > 0) times.Add(reply.Host);
        }
        Console.WriteLine($"{name,-13} {(sampling.IsGreedy ? "greedy" : "sampled"),-10} {(drafts > 0 ? "on" : "off"),-6} {tokens,11:0.00} {Arguments.Median(times),14:0.0} ({times.Min():0.0}-{times.Max():0.0}) {allocated,28:0}");
    }

    static void Compilation()
    {
        using var schema = JsonDocument.Parse("""
            {"type": "object", "properties": {"name": {"type": "string", "maxLength": 200}, "age": {"type": "integer", "minimum": 0, "maximum": 150}, "email": {"type": "string", "format": "email"},
             "tags": {"type": "array", "items": {"type": "string"}, "maxItems": 20}, "born": {"type": "string", "format": "date"}}, "required": ["name", "age"]}
            """);
        List<double> times = [];
        for (var i = 0; i < 20; i++)
        {
            var start = Stopwatch.GetTimestamp();
            JsonSchemaGrammar.Compile(schema.RootElement);
            if (i > 0) times.Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds);
        }
        Console.WriteLine($"a schema of five properties becomes a grammar in {Arguments.Median(times):0} us ({times.Min():0}-{times.Max():0})");
    }
}
