using System.Text;
using Ppd.Decoding;
using Ppd.Native;

namespace Ppd.Benchmarks;

/// <summary>Speed with and without n-gram drafts on a real model, interleaved, same prompts and seeds; the worst prompt is printed too.</summary>
static class Drafts
{
    static readonly int[] Sizes = [0, 2, 4, 8];

    internal static void Run(Arguments arguments)
    {
        var library = LlamaLibrary.Load(null, null);
        using var model = LlamaModel.Load(library, arguments.Word(0) ?? throw new ArgumentException("Give the path of a model."), 0, null, default);
        var (tokens, repeat) = (arguments.Number("--tokens", 200), arguments.Number("--repeat", 7));
        var context = Math.Min(model.TrainedContextLength, 2048);
        using var run = new EngineRun(model, new EngineSettings(context, Slots: 1, QueueLimit: 4, PrefillRows: 512, arguments.Number("--threads", 1), arguments.Flag("--flash-attention")));
        string[] texts = arguments.Word(1) is { } file ? File.ReadAllText(file, Encoding.UTF8).Split("<|endoftext|>", StringSplitOptions.RemoveEmptyEntries)[..12] : ["Once upon a time", "Lily and Tom", "The big dog"];
        var prompts = texts.Select(t => Tokenize(model, t.Trim())).Where(p => p.Length + 20 < context).ToArray();
        Console.WriteLine("sampler  drafts  tokens/s (median)  against plain (median, worst prompt)  tokens/step  rows/step  drafts right");
        foreach (var (name, sampling) in new[] { ("greedy", SamplingSettings.Greedy), ("sampled", new SamplingSettings(Seed: 7)) })
        {
            var times = Sizes.ToDictionary(s => s, _ => prompts.Select(_ => new List<double>()).ToArray());
            var last = Sizes.ToDictionary(s => s, _ => new List<PpdGenerationStatistics>());
            for (var round = 0; round <= repeat; round++)
                for (var p = 0; p < prompts.Length; p++)
                    foreach (var size in Sizes)
                    {
                        var reply = run.Generate(prompts[p], Math.Min(tokens, context - prompts[p].Length), size, null, sampling).Statistics;
                        if (round == 0) last[size].Add(reply);
                        else times[size][p].Add(reply.TokensPerSecond);
                    }
            foreach (var size in Sizes)
            {
                var ratios = prompts.Select((_, p) => Arguments.Median(times[size][p]) / Arguments.Median(times[0][p])).ToArray();
                var all = last[size];
                Console.WriteLine($"{name,-8} {size,6} {Arguments.Median(times[size].Select(t => Arguments.Median(t))),18:0} {Arguments.Median(ratios),20:0.000} {ratios.Min(),15:0.000} " +
                    $"{(double)all.Sum(s => s.GeneratedTokens) / all.Sum(s => s.Steps),13:0.00} {(double)all.Sum(s => s.Rows) / all.Sum(s => s.Steps),10:0.00} {all.Sum(s => s.AcceptedTokens),7} of {all.Sum(s => s.ProposedTokens)}");
            }
        }
    }

    static int[] Tokenize(LlamaModel model, string text)
    {
        var tokens = new List<int>();
        if (model.Vocabulary.AddsBeginningOfText) tokens.Add(model.Vocabulary.BeginningOfText);
        model.Vocabulary.Tokenize(text, parseSpecial: false, tokens);
        return [.. tokens];
    }
}
