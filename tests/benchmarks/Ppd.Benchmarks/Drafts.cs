using System.Text;
using Ppd.Decoding;
using Ppd.Drafting;
using Ppd.Native;

namespace Ppd.Benchmarks;

/// <summary>Speed with each draft source and without any, interleaved, same prompts and seeds; the worst prompt is printed too.</summary>
static class Drafts
{
    static readonly int[] Sizes = [24];
    internal static readonly string[] Questions = ["Hello, who are you?", "Tell me a short story about a fox.", "What is 3 plus 4?", "How are you today?", "Can you tell me a story about a small bear?", "What do you sell?", "Describe the lamp as JSON.", "Tell me a long story about a cat.", "Count to 12.", "Name five animals.", "Tell me about the teapot.", "Write a long story about an owl."];

    /// <param name="Name">As printed.</param>
    /// <param name="DraftTokens">Most guesses per step.</param>
    /// <param name="Sources">Fresh sources for one request.</param>
    sealed record Arm(string Name, int DraftTokens, Func<IReadOnlyList<IDraftSource>> Sources);

    internal static void Run(Arguments arguments)
    {
        var library = LlamaLibrary.Load(null, null);
        var path = arguments.Word(0) ?? PpdModelOptions.DefaultModelPath;
        using var model = LlamaModel.Load(library, path, 0, null, default);
        var (tokens, repeat) = (arguments.Number("--tokens", 200), arguments.Number("--repeat", 7));
        var context = Math.Min(model.TrainedContextLength, 2048);
        var settings = new EngineSettings(context, Slots: 1, QueueLimit: 4, PrefillRows: 512, arguments.Number("--threads", 1), arguments.Flag("--flash-attention"));
        using var run = new EngineRun(model, settings, PromptTokens(library, path));
        var texts = arguments.Word(1) is { } file ? File.ReadAllText(file, Encoding.UTF8).Split("<|endoftext|>", StringSplitOptions.RemoveEmptyEntries)[..12] : Prompts(model);
        var prompts = texts.Select(t => Tokenize(model, t.Trim())).Where(p => p.Length + 20 < context).ToArray();
        var plan = PpdPlan.Parse(arguments.Option("--plan") ?? "auto");
        var arms = Arms(run.PromptTokens).ToArray();
        var costs = run.Costs.Measured;
        Console.WriteLine("cost of a step, in steps of one row: " + string.Join("  ", costs.Rows.Select((rows, i) => $"{rows}: {costs.Times[i] / costs.Times[0]:0.00}")) + $"; one row {costs.Times[0]:0.000} ms, a token in the cache {1e6 * costs.PerRowAndToken:0.0} ns a row");
        Console.WriteLine("sampler  guesses by             drafts  tokens/s (median)  against plain (median, worst prompt)  tokens/step (expected)  rows/step  ms/step  host us/step  drafts right");
        foreach (var (name, sampling) in new[] { ("greedy", SamplingSettings.Greedy), ("sampled", new SamplingSettings(Seed: 7)) })
        {
            var times = arms.ToDictionary(a => a, _ => prompts.Select(_ => new List<double>()).ToArray());
            var last = arms.ToDictionary(a => a, _ => new List<PpdGenerationStatistics>());
            var host = arms.ToDictionary(a => a, _ => new List<double>());
            for (var round = 0; round <= repeat; round++)
                for (var p = 0; p < prompts.Length; p++)
                    foreach (var arm in arms)
                    {
                        var measured = run.Generate(prompts[p], Math.Min(tokens, context - prompts[p].Length), arm.DraftTokens, arm.Sources(), sampling, plan);
                        var reply = measured.Statistics;
                        host[arm].Add(measured.Host);
                        if (round == 0) last[arm].Add(reply);
                        else times[arm][p].Add(reply.TokensPerSecond);
                    }
            foreach (var arm in arms)
            {
                var ratios = prompts.Select((_, p) => Arguments.Median(times[arm][p]) / Arguments.Median(times[arms[0]][p])).ToArray();
                var all = last[arm];
                Console.WriteLine($"{name,-8} {arm.Name,-22} {arm.DraftTokens,6} {Arguments.Median(times[arm].Select(t => Arguments.Median(t))),18:0} {Arguments.Median(ratios),20:0.000} {ratios.Min(),15:0.000} " +
                    $"{1 + ((double)all.Sum(s => s.AcceptedTokens) / all.Sum(s => s.Steps)),13:0.00} {1 + (all.Sum(s => s.ExpectedAcceptedTokens) / all.Sum(s => s.Steps)),10:0.00} {(double)all.Sum(s => s.Rows) / all.Sum(s => s.Steps),10:0.00} {all.Sum(s => s.DecodeTime.TotalMilliseconds) / all.Sum(s => s.Steps),8:0.000} {Arguments.Median(host[arm]),13:0} {all.Sum(s => s.AcceptedTokens),7} of {all.Sum(s => s.ProposedTokens)}");
            }
        }
    }

    // questions for a chat model in ChatML, beginnings of a story for others
    static string[] Prompts(LlamaModel model) => model.Vocabulary.SpecialTokens.Any(token => token.Text == "<|im_start|>")
        ? [.. Questions.Select(question => $"<|im_start|>user\n{question}<|im_end|>\n<|im_start|>assistant\n")]
        : ["Once upon a time", "Lily and Tom", "The big dog"];

    static IEnumerable<Arm> Arms(PromptTokens? prompts)
    {
        yield return new Arm("nothing", 0, () => []);
        foreach (var size in Sizes)
        {
            yield return new Arm("n-grams", size, () => [new NGramSource()]);
            if (prompts == null) continue;
            yield return new Arm("prompt tokens", size, () => [new PromptTokenSource(prompts)]);
            yield return new Arm("both", size, () => [new PromptTokenSource(prompts), new NGramSource()]);
        }
    }

    // the file beside the model, if there is one
    static PromptTokenRows? PromptTokens(LlamaLibrary library, string modelPath)
    {
        var path = PromptTokenFile.PathBeside(modelPath);
        if (!File.Exists(path)) return null;
        using var file = GgufFile.Open(modelPath);
        return new PromptTokenRows(PromptTokenFile.Read(path, BaseModel.Of(file)), new EmbeddingTable(library, modelPath));
    }

    static int[] Tokenize(LlamaModel model, string text)
    {
        var tokens = new List<int>();
        if (model.Vocabulary.AddsBeginningOfText) tokens.Add(model.Vocabulary.BeginningOfText);
        model.Vocabulary.Tokenize(text, parseSpecial: true, tokens);
        return [.. tokens];
    }
}
