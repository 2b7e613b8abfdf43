using Ppd.Decoding;
using Ppd.Drafting;
using Ppd.Native;

namespace Ppd.Benchmarks;

/// <summary>
/// What drafting costs where no guess is ever right: prompt tokens that are noise but whose file promises the accuracy of the real ones, n-grams of text drawn at
/// temperature 1. Replies with the plan by price and without drafts, interleaved, each arm with a planner of its own.
/// </summary>
static class NeverRight
{
    internal static void Run(Arguments arguments)
    {
        var library = LlamaLibrary.Load(null, null);
        var path = arguments.Word(0) ?? Models.Large(library, Ppd.Testing.RandomWeightType.Q4_0);
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
        var settings = new EngineSettings(1024, Slots: 1, QueueLimit: 4, PrefillRows: 512, arguments.Number("--threads", 1), FlashAttention: false);
        using var run = new EngineRun(model, settings, new PromptTokenRows(tokens, new EmbeddingTable(library, path)));
        var (length, repeat) = (arguments.Number("--tokens", 200), arguments.Number("--repeat", 9));
        // plain with rows of tokens; plain with rows of embeddings, as a model with prompt tokens has; by price
        (string Name, int Drafts, PpdPlan Plan, Planning.Planner Planner)[] arms =
            [("plain", 0, PpdPlan.Off, run.NewPlanner()), ("plain, embedding rows", 24, PpdPlan.Off, run.NewPlanner()), ("by price", 24, PpdPlan.Auto, run.NewPlanner())];
        var speeds = arms.Select(_ => new List<double>()).ToArray();
        var (steps, rows, proposed, accepted) = (0, 0, 0, 0);
        for (var round = 0; round <= repeat; round++)
        {
            int[] prompt = [.. Enumerable.Range(0, 30).Select(_ => random.Next(300, model.Vocabulary.Count))];
            var sampling = new SamplingSettings(Temperature: 1.5f, TopK: 0, TopP: 1, MinP: 0, Seed: (uint)round);
            for (var turn = -1; turn < arms.Length; turn++)
            {
                // the first reply of a round puts the prompt into the cache for all
                var which = turn < 0 ? 0 : (turn + round) % arms.Length;
                var arm = arms[which];
                run.Planner = arm.Planner;
                var reply = run.Generate(prompt, length, arm.Drafts, arm.Drafts > 0 ? [new PromptTokenSource(tokens), new NGramSource()] : [], sampling, arm.Plan).Statistics;
                if (round == 0 || turn < 0) continue;
                speeds[which].Add(reply.TokensPerSecond);
                if (arm.Plan.Kind == PpdPlanKind.Auto) (steps, rows, proposed, accepted) = (steps + reply.Steps, rows + reply.Rows, proposed + reply.ProposedTokens, accepted + reply.AcceptedTokens);
            }
        }
        for (var arm = 1; arm < arms.Length; arm++)
        {
            var ratios = speeds[arm].Zip(speeds[0], (own, plain) => own / plain).ToArray();
            Console.WriteLine($"{arms[arm].Name}: {Arguments.Median(ratios):0.000} of plain ({ratios.Min():0.000} to {ratios.Max():0.000})");
        }
        Console.WriteLine($"{length} tokens, {repeat} replies; by price {(double)rows / steps:0.00} rows a step, {accepted} of {proposed} guesses right");
    }
}
