using System.Globalization;
using Ppd.Decoding;
using Ppd.Drafting;
using Ppd.Native;
using Ppd.Testing;

namespace Ppd.Benchmarks;

/// <summary>
/// What drafting costs where no guess is ever right: a source that is sure of tokens drawn at random, and prompt tokens that are noise but whose file promises much. Every round begins
/// with planners that know nothing; the first reply pays for finding out. Replies with the plan by price and without drafts are interleaved, text is drawn at a high temperature.
/// </summary>
static class NeverRight
{
    const int DraftTokens = 24;

    internal static int Run(Arguments arguments)
    {
        var library = LlamaLibrary.Load(null, null);
        var path = arguments.Word(0) ?? (arguments.Flag("--small") ? Models.Small(library) : Models.Large(library, Enum.Parse<RandomWeightType>(arguments.Option("--type") ?? "BF16")));
        using var model = LlamaModel.Load(library, path, 0, null, default);
        using var file = GgufFile.Open(path);
        var random = new Random(1);
        var width = model.EmbeddingLength;
        var tokens = new PromptTokens
        {
            Count = 3,
            Ensemble = 1,
            Rows = [.. Enumerable.Range(0, 3 * width).Select(_ => (2 * random.NextSingle()) - 1)],
            Mask = PromptTokenMask.Ensemble,
            Model = BaseModel.Of(file),
            Accuracy = [[.8f, .05f, .03f], [.7f, .05f, .03f], [.6f, .05f, .03f]],
        };
        var (length, repeat, replies, concurrency) = (arguments.Number("--tokens", 200), arguments.Number("--repeat", 7), arguments.Number("--replies", 4), arguments.Number("--concurrency", 1));
        var settings = new EngineSettings(1024, concurrency, QueueLimit: 4, PrefillRows: 512, arguments.Number("--threads", 1), FlashAttention: false);
        using var run = new EngineRun(model, settings, new PromptTokenRows(tokens, new EmbeddingTable(library, path)));
        // what planners believe at the beginning: what was measured, or that every row adds the same part of the first
        var (costs, one) = (run.Costs.Measured, run.Costs.Measured.Times[0]);
        if (arguments.Option("--believed") is { } part) costs = new([1, 2], [one, one * (1 + double.Parse(part, CultureInfo.InvariantCulture))], 0, costs.Rebuild, 0);
        // plain with rows of tokens; plain with rows of embeddings, as a model with prompt tokens has; by price
        (string Name, int Drafts, PpdPlan Plan)[] arms = [("plain", 0, PpdPlan.Off), ("plain, embedding rows", DraftTokens, PpdPlan.Off), ("by price", DraftTokens, PpdPlan.Auto)];
        var ratios = arms.Select(_ => (First: new List<double>(), Later: new List<double>())).ToArray();
        List<PpdStep> steps = [];       // by price, of one request: the first round's
        var counts = new (int Replies, int Steps, int Rows, int Proposed, int Accepted)[2];     // by price: of first replies, of later ones
        for (var round = 0; round <= repeat; round++)       // the first one warms up
        {
            var planners = arms.Select(_ => run.NewPlanner(costs)).ToArray();
            for (var number = 0; number < replies; number++)
            {
                var prompts = Enumerable.Range(0, concurrency).Select(_ => Enumerable.Range(0, 30).Select(_ => random.Next(300, model.Vocabulary.Count)).ToArray()).ToArray();
                var seed = (uint)((round * replies) + number) * (uint)concurrency;
                // the prompts get into the cache for all
                run.Planner = run.NewPlanner(costs);
                Generate(prompts, 1, arms[0], seed, null);
                var speeds = new double[arms.Length];
                for (var turn = 0; turn < arms.Length; turn++)
                {
                    var which = (turn + round + number) % arms.Length;
                    run.Planner = planners[which];
                    var results = Generate(prompts, length, arms[which], seed, round == 1 && arms[which].Plan.Kind == PpdPlanKind.Auto ? steps.Add : null);
                    speeds[which] = results.Sum(result => result.GeneratedTokens - result.FirstTokens) / results.Max(result => result.DecodeTime).TotalSeconds;
                    if (round == 0 || arms[which].Plan.Kind != PpdPlanKind.Auto) continue;
                    ref var count = ref counts[number == 0 ? 0 : 1];
                    foreach (var result in results)
                        count = (count.Replies + 1, count.Steps + result.Steps, count.Rows + result.Rows, count.Proposed + result.ProposedTokens, count.Accepted + result.AcceptedTokens);
                }
                if (round == 0) continue;
                for (var arm = 1; arm < arms.Length; arm++) (number == 0 ? ratios[arm].First : ratios[arm].Later).Add(speeds[arm] / speeds[0]);
            }
        }
        Console.WriteLine($"{Path.GetFileName(path)}: {repeat} rounds of {replies} replies of {length} tokens, {concurrency} at once");
        Console.WriteLine(Replay.Describe(costs));
        for (var arm = 1; arm < arms.Length; arm++)
        {
            Report($"{arms[arm].Name}, first reply", ratios[arm].First);
            Report($"{arms[arm].Name}, later replies", ratios[arm].Later);
        }
        foreach (var (name, count) in new[] { ("first replies", counts[0]), ("later replies", counts[1]) })
            if (count.Replies > 0)
                Console.WriteLine($"by price, {name}: {(double)count.Rows / count.Steps:0.00} rows a step, {(double)count.Proposed / count.Replies:0.0} guesses a reply, {count.Accepted} of {count.Proposed} right");
        if (arguments.Flag("--steps"))
            foreach (var step in steps)
                Console.WriteLine($"{step.Number,4}: {step.Guesses.Count,2} guesses, {step.Rows - 1 - step.Guesses.Count,2} prompt tokens, {step.Time / step.PlainTime:0.00} of plain, expected {step.ExpectedTime / step.PlainTime:0.00} for {1 + step.Guesses.Sum(guess => guess.Probability):0.00} tokens; " +
                    $"chains {string.Join(" ", step.ChainValues.Select(value => $"{value:0.00}"))}");
        if (counts[0].Proposed + counts[1].Proposed > 0) return 0;
        Console.Error.WriteLine("No guess was ever verified: this says nothing about what wrong guesses cost.");
        return 1;

        PpdGenerationStatistics[] Generate(int[][] prompts, int count, (string Name, int Drafts, PpdPlan Plan) arm, uint seed, Action<PpdStep>? onStep)
        {
            var results = new PpdGenerationStatistics[prompts.Length];
            var threads = prompts.Select((prompt, i) => new Thread(() =>
            {
                var sampling = new SamplingSettings(Temperature: 1.5f, TopK: 0, TopP: 1, MinP: 0, Seed: seed + (uint)i);
                IDraftSource[] sources = arm.Drafts == 0 ? [] : [new PromptTokenSource(tokens), new SureSource(model.Vocabulary.Count, i)];
                results[i] = run.Generate(prompt, count, arm.Drafts, sources, sampling, arm.Plan, i == 0 ? onStep : null).Statistics;
            })).ToList();
            foreach (var thread in threads) thread.Start();
            foreach (var thread in threads) thread.Join();
            return results;
        }

        static void Report(string name, List<double> ratios)
        {
            if (ratios.Count > 0) Console.WriteLine($"{name}: median {Arguments.Median(ratios):0.000} of plain, worst {ratios.Min():0.000}, best {ratios.Max():0.000}");
        }
    }

    /// <summary>Sure of a chain of random tokens, with a less sure one beside each.</summary>
    sealed class SureSource(int vocabulary, int seed) : IDraftSource
    {
        const int Depth = 4;
        const float Sure = 0.85f, Unsure = 0.1f;

        readonly Random _random = new(seed);

        public void Observe(ReadOnlySpan<int> tokens) { }

        public void Propose(TokenTree candidates, int maxDepth)
        {
            var node = 0;
            for (var depth = 1; depth <= Math.Min(Depth, maxDepth); depth++)
            {
                candidates.Add(node, _random.Next(vocabulary), Unsure, DraftKind.NGram);
                node = candidates.Add(node, _random.Next(vocabulary), Sure, DraftKind.NGram);
            }
        }
    }
}
