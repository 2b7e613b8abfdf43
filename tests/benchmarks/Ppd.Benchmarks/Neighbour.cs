using System.Diagnostics;
using Ppd.Decoding;
using Ppd.Drafting;
using Ppd.Native;

namespace Ppd.Benchmarks;

/// <summary>
/// Other processes start to use every processor, and stop: how soon the planner knows what steps take now, and what its plans are worth against plain decoding and
/// forced sizes before, meanwhile and after. Arms are interleaved; the plan by price keeps its planner throughout.
/// </summary>
static class Neighbour
{
    const int ByPrice = 1;              // of the arms
    const int Few = 5;                  // steps whose median is looked at: single ones scatter
    const int Settled = 50;             // steps
    const double Near = 0.1;
    const double NearRows = 0.5;

    static readonly int[] Sizes = [2, 3, 4, 6, 8];

    internal static void Run(Arguments arguments)
    {
        var library = LlamaLibrary.Load(null, null);
        var path = arguments.Word(0) ?? PpdModelOptions.DefaultModelPath;
        PromptTokens tokens;
        using (var file = GgufFile.Open(path)) tokens = PromptTokenFile.Read(PromptTokenFile.PathBeside(path), BaseModel.Of(file));
        using var model = LlamaModel.Load(library, path, 0, null, default);
        var (threads, length, repeat) = (arguments.Number("--threads", 1), arguments.Number("--tokens", 100), arguments.Number("--repeat", 8));
        var settings = new EngineSettings(1024, Slots: 1, QueueLimit: 4, PrefillRows: 512, threads, FlashAttention: false);
        using var run = new EngineRun(model, settings, new PromptTokenRows(tokens, new EmbeddingTable(library, path)));
        (string Name, PpdPlan Plan, Planning.Planner Planner)[] arms =
            [("plain", PpdPlan.Off, run.NewPlanner()), ("by price", PpdPlan.Auto, run.NewPlanner()), .. Sizes.Select(rows => ($"{rows} rows", PpdPlan.Tree(rows), run.NewPlanner()))];
        Console.WriteLine($"{threads} threads; {length} tokens a reply, {repeat} rounds");
        Phase("nobody else (warming up)", 0);
        Phase("nobody else", 0);
        var neighbours = arguments.Number("--neighbours", Environment.ProcessorCount);
        Phase($"{neighbours} busy processes", neighbours);
        Phase("nobody else again", 0);

        void Phase(string name, int busy)
        {
            var others = Enumerable.Range(0, busy).Select(_ => Process.Start("sh", ["-c", "while :; do :; done"])).ToArray();
            try
            {
                List<PpdStep> steps = [];
                var speeds = arms.Select(_ => new List<double>()).ToArray();
                for (var round = 0; round < repeat; round++)
                {
                    int[] prompt = [.. Tokenize(model, $"<|im_start|>user\nTell me a long story about {Animals[round % Animals.Length]}.<|im_end|>\n<|im_start|>assistant\n")];
                    var sampling = new SamplingSettings(Temperature: 0.7f, Seed: (uint)round);
                    for (var turn = 0; turn < arms.Length; turn++)
                    {
                        // the plan by price comes first after a change
                        var arm = (1 + turn + round) % arms.Length;
                        run.Planner = arms[arm].Planner;
                        var source = new PromptTokenSource(tokens);
                        var reply = run.Generate(prompt, length, 24, [source, new NGramSource()], sampling, arms[arm].Plan, arm == ByPrice ? steps.Add : null);
                        speeds[arm].Add(reply.Statistics.TokensPerSecond);
                    }
                }
                Report(name, speeds, steps);
            }
            finally
            {
                foreach (var other in others)
                {
                    other.Kill();
                    other.WaitForExit();
                    other.Dispose();
                }
            }
        }

        void Report(string name, List<double>[] speeds, List<PpdStep> steps)
        {
            Console.WriteLine($"{name}: plain {Arguments.Median(speeds[0]):0} tokens/s");
            var ratios = speeds.Select(own => Arguments.Median(own.Zip(speeds[0], (speed, plain) => speed / plain))).ToArray();
            for (var arm = 1; arm < arms.Length; arm++) Console.WriteLine($"    {arms[arm].Name,-8} {ratios[arm]:0.000} of plain");
            var best = Enumerable.Range(0, arms.Length).Where(arm => arm != ByPrice).MaxBy(arm => ratios[arm]);
            Console.WriteLine($"    best forced size: {arms[best].Name}, {ratios[best]:0.000} of plain; by price {ratios[ByPrice] / ratios[best]:0.000} of it");
            var rows = steps.Select(step => (double)step.Rows).ToArray();
            var settled = rows.Skip(Settled).Average();
            Console.WriteLine($"    by price: {settled:0.00} rows from step {Settled + 1} on, most often {rows.Skip(Settled).GroupBy(size => size).MaxBy(group => group.Count())!.Key}; " +
                $"steps until time is within {Near:P0} of what is expected: {Until(i => Math.Abs(Arguments.Median(steps.Skip(i).Take(Few).Select(step => step.Time / step.ExpectedTime)) - 1) <= Near)}, " +
                $"until rows are within {NearRows} of that: {Until(i => Math.Abs(rows.Skip(i).Take(Settled / 2).Average() - settled) <= NearRows)}");
            foreach (var (from, to) in new[] { (0, 10), (10, 20), (20, 50), (50, steps.Count) })
            {
                var part = steps.Skip(from).Take(to - from).ToArray();
                Console.WriteLine($"    by price, steps {from + 1} to {to}: {part.Average(step => step.Rows):0.00} rows; time {Arguments.Median(part.Select(step => step.Time / step.ExpectedTime)):0.00} of what was expected");
            }

            // the first step from which on it holds for the next few
            string Until(Func<int, bool> holds) => Enumerable.Range(0, steps.Count - Settled).Where(holds).Select(i => i.ToString()).FirstOrDefault("never");
        }
    }

    static readonly string[] Animals = ["a fox", "a cat", "an owl", "a bear", "a dog", "a mouse", "a rabbit", "a goat"];

    static List<int> Tokenize(LlamaModel model, string text)
    {
        List<int> tokens = [];
        model.Vocabulary.Tokenize(text, parseSpecial: true, tokens);
        return tokens;
    }
}
