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
        var (plain, planned) = (run.NewPlanner(), run.NewPlanner());
        List<double> ratios = [];
        var (steps, rows, proposed, accepted) = (0, 0, 0, 0);
        for (var round = 0; round <= repeat; round++)
        {
            int[] prompt = [.. Enumerable.Range(0, 30).Select(_ => random.Next(300, model.Vocabulary.Count))];
            var sampling = new SamplingSettings(Temperature: 1.5f, TopK: 0, TopP: 1, MinP: 0, Seed: (uint)round);
            double Speed(bool drafts)
            {
                run.Planner = drafts ? planned : plain;
                var reply = run.Generate(prompt, length, drafts ? 24 : 0, drafts ? [new PromptTokenSource(tokens), new NGramSource()] : [], sampling).Statistics;
                if (drafts && round > 0) (steps, rows, proposed, accepted) = (steps + reply.Steps, rows + reply.Rows, proposed + reply.ProposedTokens, accepted + reply.AcceptedTokens);
                return reply.TokensPerSecond;
            }
            _ = Speed(false);       // the prompt is in the cache for both then
            var (first, second) = round % 2 == 0 ? (Speed(true), Speed(false)) : (Speed(false), Speed(true));
            var ratio = round % 2 == 0 ? first / second : second / first;
            if (round > 0) ratios.Add(ratio);
        }
        Console.WriteLine($"speed of plain decoding where no guess is right, {length} tokens, {repeat} replies: median {Arguments.Median(ratios):0.000} ({ratios.Min():0.000} to {ratios.Max():0.000}); " +
            $"{(double)rows / steps:0.00} rows a step, {accepted} of {proposed} guesses right");
    }
}
