using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging.Abstractions;
using Ppd.Decoding;
using Ppd.Drafting;
using Ppd.Native;
using Ppd.Planning;
using Ppd.Planning.Simulation;
using Ppd.Testing;

namespace Ppd.Benchmarks;

/// <summary>
/// The guesses of a real model, recorded, played with the costs of models of real size, measured here: every forced size against the plan by price, on the very same
/// guesses. Then the real engine on the same replies against the simulation: tokens per step and speed.
/// </summary>
static partial class Replay
{
    const int NameWidth = 20;
    const int DraftTokens = EngineSettings.TreeRows - 1;
    static readonly double[] Prices = [.05, .1, .15, .2, .25, .3, .35, .4, .5, .6, .7];
    static readonly PpdPlan[] Plans = [PpdPlan.Off, PpdPlan.Tree(2), PpdPlan.Tree(4), PpdPlan.Tree(8), PpdPlan.Auto, PpdPlan.Chain(4), PpdPlan.Tree(16), PpdPlan.Tree(32)];
    static readonly int[] Sizes = [1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 16, 20, 24, 32, 48, 64];

    internal static void Run(Arguments arguments)
    {
        var library = LlamaLibrary.Load(null, null);
        var path = arguments.Word(0) ?? PpdModelOptions.DefaultModelPath;
        var promptPath = arguments.Option("--prompt-tokens") ?? PromptTokenFile.PathBeside(path);
        PromptTokens tokens;
        using (var file = GgufFile.Open(path)) tokens = PromptTokenFile.Read(promptPath, BaseModel.Of(file));
        List<GuessTrace> traces;
        using (var model = LlamaModel.Load(library, path, 0, null, default))
        {
            var settings = new EngineSettings(Math.Min(model.TrainedContextLength, 1024), Slots: 1, QueueLimit: 4, PrefillRows: 512, arguments.Number("--threads", 1), FlashAttention: false);
            using var engine = new Engine(model, settings, NullLogger.Instance, new PromptTokenRows(tokens, new EmbeddingTable(library, path)));
            traces = Record(engine, model, tokens, settings.ContextLength, arguments);
            Console.WriteLine($"{traces.Count} replies, {traces.Sum(trace => trace.Reply.Length)} tokens");
            if (arguments.Option("--target") is { } targets)
            {
                ReportTargets(targets, Numbers(arguments.Option("--per-row")) ?? Prices, tokens, traces);
                return;
            }
            Console.WriteLine("costs of                      best forced size                by price                        of best   n-grams too   prompt tokens only of plain");
            if (Numbers(arguments.Option("--per-row")) is { } parts)      // times of a made-up device on which every row adds the same part of the first
            {
                foreach (var part in parts) Report($"{part} a row", PerRow(part), tokens, traces);
                return;
            }
            if (arguments.Option("--costs") is { } results)     // of an earlier measurement: to compare planners at the same ones
            {
                foreach (var (name, measured) in Costs(results)) Report(name, measured, tokens, traces);
                return;
            }
            Report("this model", engine.Costs.Measured, tokens, traces);
            Compare(engine, tokens, traces, arguments.Number("--rounds", 3));
        }
        if (!arguments.Flag("--large")) return;
        foreach (var (name, options) in Large)
            foreach (var type in new[] { RandomWeightType.F16, RandomWeightType.BF16, RandomWeightType.Q8_0, RandomWeightType.Q4_0 })
                Report($"{name} {type}", Measure(library, options with { WeightType = type }, arguments.Number("--threads", 1)), tokens, traces);
    }

    static readonly string[] Questions = ["Hello, who are you?", "Tell me a short story about a fox.", "What is 3 plus 4?", "How are you today?", "Can you tell me a story about a small bear?", "What do you sell?", "Describe the lamp as JSON.", "Tell me a long story about a cat.", "Count to 12.", "Name five animals.", "Tell me about the teapot.", "Write a long story about an owl."];

    // of the demo model's shop
    static readonly string[] Products = ["lamp", "kettle", "mug", "chair", "table", "sofa", "clock", "mirror", "rug", "vase", "pillow", "blanket", "basket", "candle", "shelf", "stool", "desk", "bench", "teapot", "tray", "bowl", "plate", "towel", "curtain"];

    static readonly (string, RandomModelOptions)[] Large =
    [
        ("160 M", new() { Layers = 12, EmbeddingLength = 768, Heads = 12, KvHeads = 12, FeedForwardLength = 3072, VocabularySize = 32000, ContextLength = 1024 }),
        ("500 M", new() { Layers = 24, EmbeddingLength = 1280, Heads = 20, KvHeads = 4, FeedForwardLength = 3584, VocabularySize = 32000, ContextLength = 1024 }),
    ];

    static void Report(string name, CostMeasurement costs, PromptTokens tokens, List<GuessTrace> traces)
    {
        SimulationResult Play(PpdPlan plan, bool promptTokens = true, bool ngrams = true) => new PlanSimulation(costs, tokens).Run(traces, plan, promptTokens, ngrams);
        var plain = Play(PpdPlan.Off).TokensPerMillisecond;
        var forced = Sizes.Select(rows => (Rows: rows, Run: Play(rows == 1 ? PpdPlan.Off : PpdPlan.Tree(rows)))).MaxBy(run => run.Run.TokensPerMillisecond);
        var auto = Play(PpdPlan.Auto);
        var ngrams = Play(PpdPlan.Auto, promptTokens: false);
        var prompts = Play(PpdPlan.Auto, ngrams: false);
        Console.WriteLine($"{name,-NameWidth} {forced.Rows,3} rows {forced.Run.TokensPerStep:0.00} tokens a step {forced.Run.TokensPerMillisecond / plain:0.000} of plain | {auto.RowsPerStep,5:0.00} rows {auto.TokensPerStep:0.00} tokens {auto.TokensPerMillisecond / plain:0.000} of plain | " +
            $"{auto.TokensPerMillisecond / forced.Run.TokensPerMillisecond:0.000} | n-grams {ngrams.TokensPerMillisecond / plain:0.000} | prompt tokens {prompts.TokensPerMillisecond / plain:0.000} | expected {1 + (auto.Expected / auto.Steps):0.00} a step");
        Console.WriteLine(Describe(costs));
    }

    internal static string Describe(CostMeasurement costs) =>
        "    cost: " + string.Join(" ", costs.Rows.Select((rows, i) => $"{rows}:{costs.Times[i] / costs.Times[0]:0.00}")) + $"  rebuild {costs.Rebuild / costs.Times[0]:0.00}, one row {costs.Times[0]:0.00} ms";

    // What Report has printed.
    static IEnumerable<(string Name, CostMeasurement Costs)> Costs(string path)
    {
        var name = "";
        foreach (var line in File.ReadLines(path))
        {
            if (CostLine().Match(line) is not { Success: true } match)
            {
                name = line[..Math.Min(NameWidth, line.Length)].Trim();
                continue;
            }
            double Number(string group) => double.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);
            var sizes = match.Groups["size"].Captures.Select(size => size.Value.Split(':').Select(part => double.Parse(part, CultureInfo.InvariantCulture)).ToArray()).ToArray();
            var one = Number("one");
            yield return (name, new CostMeasurement([.. sizes.Select(size => (int)size[0])], [.. sizes.Select(size => one * size[1])], 0, one * Number("rebuild"), 0));
        }
    }

    [GeneratedRegex(@"^ +cost: (?<size>\d+:[\d.]+ )+ rebuild (?<rebuild>[\d.]+), one row (?<one>[\d.]+) ms")]
    private static partial Regex CostLine();

    static CostMeasurement Measure(LlamaLibrary library, RandomModelOptions options, int threads)
    {
        var path = Path.Combine(Path.GetTempPath(), $"ppd-replay-{options.Layers}-{options.WeightType}.gguf");
        if (!File.Exists(path)) RandomModel.Write(path, options with { Quantise = GgmlQuantiser.Of(library.Location.GgmlBase) });
        using var model = LlamaModel.Load(library, path, 0, null, default);
        using var context = LlamaContext.Create(model, new ContextSettings(1024, 576, CostCurve.MostRows, 1, threads, FlashAttention: false));
        return CostProbe.Measure(context, 1024, embeddings: true, TimeSpan.FromSeconds(10));
    }

    static double[]? Numbers(string? list) => list == null ? null : [.. list.Split(',').Select(number => double.Parse(number, CultureInfo.InvariantCulture))];

    static CostMeasurement PerRow(double part) => new([1, 2], [1, 1 + part], 0, 0, 0);

    // What a row may cost, as a part of the first, for these guesses to reach a speed.
    static void ReportTargets(string targets, double[] parts, PromptTokens tokens, List<GuessTrace> traces)
    {
        Array.Sort(parts);
        double Speed(double part, PpdPlan plan) => new PlanSimulation(PerRow(part), tokens).Run(traces, plan, promptTokens: true, ngrams: true).TokensPerMillisecond;
        double[] speeds = [.. parts.Select(part => Speed(part, PpdPlan.Auto) / Speed(part, PpdPlan.Off))];
        Console.WriteLine("price of a row, part of the first: speed by price, of plain");
        for (var i = 0; i < parts.Length; i++) Console.WriteLine($"{parts[i],6:0.00} {speeds[i]:0.000}");
        foreach (var target in Numbers(targets)!)
        {
            var last = Array.FindLastIndex(speeds, speed => speed >= target);
            Console.WriteLine($"{target:0.00} of plain: " + (last < 0 ? $"not reached, even at {parts[0]:0.00} a row"
                : last == parts.Length - 1 ? $"reached even at {parts[^1]:0.00} a row"
                : $"where a row costs {parts[last] + ((parts[last + 1] - parts[last]) * (speeds[last] - target) / (speeds[last] - speeds[last + 1])):0.000} of the first or less"));
        }
    }

    static List<GuessTrace> Record(Engine engine, LlamaModel model, PromptTokens tokens, int context, Arguments arguments)
    {
        List<GuessTrace> traces = [];
        foreach (var text in Prompts(model, arguments))
        {
            var prompt = Tokenize(model, text);
            if (prompt.Length + 40 > context) continue;
            var source = new PromptTokenSource(tokens);
            var recorder = new GuessRecorder(source);
            var sink = new EngineRun.Sink(256);
            engine.Submit(new GenerationRequest
            {
                Prompt = prompt, MaxTokens = Math.Min(arguments.Number("--tokens", 150), context - prompt.Length - 8), DraftTokens = 1, DraftSources = [recorder], PromptSource = source,
                Plan = PpdPlan.Tree(1 + tokens.Count), Sink = sink,
            });
            sink.Wait();
            if (sink.Tokens.Count > 8) traces.Add(recorder.Trace());
        }
        return traces;
    }

    /// <param name="Drawn">Tokens behind the first passes.</param>
    /// <param name="Steps">Passes behind the first ones.</param>
    /// <param name="Rows">Their rows.</param>
    /// <param name="Milliseconds">Their time, from one to the next.</param>
    /// <param name="Host">Milliseconds outside of llama_decode, per step.</param>
    readonly record struct Real(int Drawn, int Steps, int Rows, double Milliseconds, double Host)
    {
        internal double TokensPerMillisecond => Drawn / Milliseconds;

        internal double RowsPerStep => (double)Rows / Steps;
    }

    // The engine against the simulation. Plans take turns, and plan with what they learn in a round; the simulation gets the engine's own time per step and the mean context.
    static void Compare(Engine engine, PromptTokens tokens, List<GuessTrace> traces, int rounds)
    {
        var runs = Plans.Select(_ => new List<Real>()).ToArray();
        for (var round = 0; round <= rounds; round++)       // the first one warms up
            for (var turn = 0; turn < Plans.Length; turn++)
            {
                var which = (turn + round) % Plans.Length;
                var run = Play(engine, tokens, traces, Plans[which]);
                if (round > 0) runs[which].Add(run);
            }
        var context = (int)(traces.Sum(trace => (trace.Prompt.Length + (trace.Reply.Length / 2.0)) * trace.Reply.Length) / traces.Sum(trace => trace.Reply.Length));
        SimulationResult Simulate(int plan) => new PlanSimulation(engine.Costs.Measured, tokens) { Host = Arguments.Median(runs[plan].Select(run => run.Host)), Context = context }
            .Run(traces, Plans[plan], promptTokens: true, ngrams: true);
        var plain = Simulate(0);
        Console.WriteLine($"the engine on the same replies ({rounds} rounds, plans take turns) and the simulation with the engine's own time per step, at {context} tokens of context");
        Console.WriteLine("plan      tokens a step: engine, simulation, ratio   speed of off: engine (min-max), simulation, ratio   ms a step: engine, simulation   of these host   rows: engine, simulation");
        for (var plan = 0; plan < Plans.Length; plan++)
        {
            var simulated = Simulate(plan);
            var perStep = Arguments.Median(runs[plan].Select(run => (double)run.Drawn / run.Steps));
            var ratios = runs[plan].Zip(runs[0], (own, off) => own.TokensPerMillisecond / off.TokensPerMillisecond).ToArray();
            var (real, expected) = (Arguments.Median(ratios), simulated.TokensPerMillisecond / plain.TokensPerMillisecond);
            Console.WriteLine($"{Plans[plan],-8} {perStep,16:0.000} {simulated.TokensPerStep:0.000} {simulated.TokensPerStep / perStep:0.000} {real,28:0.000} ({ratios.Min():0.000}-{ratios.Max():0.000}) {expected:0.000} {expected / real:0.000} " +
                $"{Arguments.Median(runs[plan].Select(run => run.Milliseconds / run.Steps)),20:0.000} {simulated.Milliseconds / simulated.Steps:0.000} {Arguments.Median(runs[plan].Select(run => run.Host)),16:0.000} {Arguments.Median(runs[plan].Select(run => run.RowsPerStep)),14:0.00} {simulated.RowsPerStep:0.00}");
        }
    }

    static Real Play(Engine engine, PromptTokens tokens, List<GuessTrace> traces, PpdPlan plan)
    {
        engine.Planner = engine.NewPlanner(engine.Costs.Measured);
        var (drawn, steps, rows, milliseconds) = (0, 0, 0, 0.0);
        var before = engine.Times;
        foreach (var trace in traces)
        {
            var source = new PromptTokenSource(tokens);
            var sink = new EngineRun.Sink(256);
            engine.Submit(new GenerationRequest
            {
                Prompt = trace.Prompt, MaxTokens = trace.Reply.Length, DraftTokens = DraftTokens, DraftSources = [source, new NGramSource()], PromptSource = source, Plan = plan, Sink = sink,
            });
            var statistics = sink.Wait().Statistics;
            // the first token comes with the prompt, and its pass has the root's chain
            var first = plan.Kind == PpdPlanKind.Off ? 1 : 1 + tokens.Count;
            (drawn, steps, rows, milliseconds) = (drawn + statistics.Steps - 1 + statistics.AcceptedTokens, steps + statistics.Steps - 1, rows + statistics.Rows - first, milliseconds + statistics.DecodeTime.TotalMilliseconds);
        }
        return new Real(drawn, steps, rows, milliseconds, (engine.Times.Host - before.Host).TotalMilliseconds / (engine.Times.Steps - before.Steps));
    }

    static IEnumerable<string> Prompts(LlamaModel model, Arguments arguments)
    {
        var chats = model.Vocabulary.SpecialTokens.Any(token => token.Text == "<|im_start|>");
        if (arguments.Word(1) is { } file)
            return chats ? File.ReadLines(file).Where(line => line.Trim().Length > 0).Select(Ask)
                : File.ReadAllText(file, Encoding.UTF8).Split("<|endoftext|>", StringSplitOptions.RemoveEmptyEntries).Select(text => text.Trim())
                    .Where(text => text.Contains("\nBot:", StringComparison.Ordinal)).Select(text => text[..(text.IndexOf("\nBot:", StringComparison.Ordinal) + 5)]).Take(40);
        return chats ? Questions.Concat(Products.SelectMany(product => new[] { $"Describe the {product} as JSON.", $"Tell me about the {product}." })).Select(Ask)
            : ["Once upon a time", "Lily and Tom", "The big dog", "One day, a boy", "There was a cat", "A bird sang"];

        static string Ask(string question) => $"<|im_start|>user\n{question}<|im_end|>\n<|im_start|>assistant\n";
    }

    static int[] Tokenize(LlamaModel model, string text)
    {
        List<int> tokens = model.Vocabulary.AddsBeginningOfText ? [model.Vocabulary.BeginningOfText] : [];
        model.Vocabulary.Tokenize(text, parseSpecial: true, tokens);
        return [.. tokens];
    }
}
