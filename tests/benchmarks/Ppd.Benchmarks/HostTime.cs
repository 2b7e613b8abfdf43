using Ppd.Decoding;
using Ppd.Drafting;
using Ppd.Native;

namespace Ppd.Benchmarks;

/// <summary>Time of a step outside <c>llama_decode</c>: draft, plan, lay out, verify, keep; vocabulary 32,000, context about 1,000.</summary>
static class HostTime
{
    internal static void Run(Arguments arguments)
    {
        var library = LlamaLibrary.Load(null, null);
        using var model = LlamaModel.Load(library, Models.Small(library), 0, null, default);
        var random = new Random(1);
        int[] prompt = [.. Enumerable.Range(0, 1000).Select(_ => random.Next(300, 31000))];
        var sampled = new SamplingSettings(Seed: 1);
        Console.WriteLine("context slots  rows/step  paths   sampler       host us/step (median of 7, min-max)   bytes allocated/step");
        foreach (var (context, slots) in new[] { (1280, 1), (2048, 4) })
        {
            using var run = new EngineRun(model, new EngineSettings(context, slots, QueueLimit: 4, PrefillRows: 512, arguments.Number("--threads", 1), FlashAttention: false));
            Measure(run, prompt, context, slots, 0, 0, "greedy", SamplingSettings.Greedy);
            Measure(run, prompt, context, slots, 0, 0, "sampled", sampled);
            foreach (var paths in new[] { 1, 4, 15 })
            {
                Measure(run, prompt, context, slots, 15, paths, "greedy", SamplingSettings.Greedy);
                Measure(run, prompt, context, slots, 15, paths, "sampled", sampled);
            }
        }
    }

    static void Measure(EngineRun run, int[] prompt, int context, int slots, int drafts, int paths, string name, SamplingSettings sampling)
    {
        List<double> times = [];
        var (allocated, rows) = (0.0, 0.0);
        for (var i = 0; i < 8; i++)
        {
            var reply = run.Generate(prompt, 200, drafts, drafts == 0 ? [] : [new WrongGuesses(drafts, paths)], sampling, plan: PpdPlan.Tree(drafts + 1));
            (allocated, rows) = ((double)reply.Allocated / reply.Statistics.Steps, reply.Statistics.RowsPerStep);
            if (i > 0) times.Add(reply.Host);
        }
        Console.WriteLine($"{context,7} {slots,5} {rows,10:0.0} {Math.Max(paths, 1),6}   {name,-10} {Arguments.Median(times),12:0.0} ({times.Min():0.0}-{times.Max():0.0}) {allocated,26:0}");
    }

    /// <summary>The n-gram source at work, and as many guesses as a full tree takes: the first free one, then chains.</summary>
    sealed class WrongGuesses(int nodes, int paths) : IDraftSource
    {
        readonly NGramSource _ngram = new();

        public void Observe(ReadOnlySpan<int> tokens) => _ngram.Observe(tokens);

        public void Propose(TokenTree candidates, int maxDepth)
        {
            _ngram.Propose(candidates, maxDepth);
            for (var path = 0; path < paths; path++)
            {
                var node = 0;
                for (var depth = 0; depth < nodes / paths; depth++) node = candidates.Add(node, 280 + path, 0.99f);
            }
        }
    }
}
