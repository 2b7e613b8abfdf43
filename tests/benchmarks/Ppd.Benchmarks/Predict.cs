using System.Runtime.InteropServices;
using Ppd.Decoding;
using Ppd.Drafting;
using Ppd.Native;
using Ppd.Planning;
using Ppd.Planning.Simulation;

namespace Ppd.Benchmarks;

/// <summary>
/// What the publication's accuracy (Vicuna-7B, algorithm.md 5.1) would bring on devices that are not at hand, by their published cost curves; and its own table again.
/// </summary>
static class Predict
{
    static readonly float[][] Accuracy =
    [
        [.48335f, .14342f, .07360f, .04540f, .03087f, .02155f, .01658f, .01323f, .00932f, .00845f],
        [.2626f, .1456f, .0811f, .0576f, .0428f, .0323f, .0257f, .0215f, .0190f, .0155f],
        [.1641f, .1176f, .0809f, .0578f, .0459f, .0367f, .0313f, .0232f, .0237f, .0179f],
    ];

    static readonly (string Device, CostMeasurement Costs)[] Devices =
    [
        ("A100, 7B fp16 (paper, table: 26 ms and 29 ms with 109 rows)", Curve((1, 26), (64, 27.75))),
        ("2 x MI50, 27B Q8_0 (mx-llama.cpp #10)", Curve((1, 31), (2, 36.2), (4, 42.3), (8, 68.7), (9, 106.9), (16, 118.7), (32, 146.1), (33, 190.9))),
        ("CUDA, 34B Q8_0 (llama.cpp #5625: 9 rows take 2.25 times 8)", Curve((1, 50), (8, 50), (9, 112.5), (64, 140))),
        ("CPU, NUMA, mixture of experts (llama.cpp #17034)", Curve((1, 1), (2, 1.21), (4, 2.56), (16, 4.3), (32, 7.8))),
        ("CPU, AVX2, 160 M Q4_0 (native.md)", Curve((1, 1), (2, 2), (4, 2.5), (8, 4.4), (16, 7.6), (64, 29.7))),
        ("CPU, AVX512, 500 M BF16, 2 threads (native.md)", Curve((1, 1), (2, 1.43), (3, 1.53), (4, 1.58), (6, 1.7), (8, 2.35), (12, 2.77), (16, 3.25), (24, 4.59), (32, 5.97), (64, 11.13))),
    ];

    internal static void Run(Arguments arguments)
    {
        if (arguments.Word(0) is { } path)
        {
            if (arguments.Option("--model") is { } model) Compare(path, model, arguments.Number("--threads", 1));
            else Expect(PromptTokenFile.Read(path));
            return;
        }
        Console.WriteLine("published trees, 7B            rows  tokens a step by their table, simulated, in the publication's own figures (algorithm.md 5.5)");
        foreach (var (size, published) in new[] { (60, 2.245) })
        {
            var trees = StaticTrees.Published(Accuracy, size);
            var run = new PlanSimulation(Curve((1, 1), (64, 1)), Tokens()).Run(Traces(), PpdPlan.Static(size + 4));
            Console.WriteLine($"size {size}: nodes {string.Join("/", trees.States.Skip(1).Select(tree => tree.Nodes.Count))}, {size + 4} rows, {trees.TokensPerStep:0.000}, {run.TokensPerStep:0.000}, {published:0.000}");
        }
        Console.WriteLine("\nby price, 7B accuracy                                                     rows a step  tokens a step  of plain   published trees of 64 rows, of plain   best static trees for the curve");
        foreach (var (device, costs) in Devices)
        {
            SimulationResult Play(PpdPlan plan) => new PlanSimulation(costs, Tokens()).Run(Traces(), plan);
            var plain = Play(PpdPlan.Off).TokensPerMillisecond;
            var (auto, published) = (Play(PpdPlan.Auto), Play(PpdPlan.Static(64)));
            var best = StaticTrees.Optimal(Accuracy, rows => costs.Milliseconds(rows, 0), CostCurve.MostRows).TokensPerMillisecond(rows => costs.Milliseconds(rows, 0));
            Console.WriteLine($"{device,-72} {auto.RowsPerStep,12:0.0} {auto.TokensPerStep,14:0.00} {auto.TokensPerMillisecond / plain,9:0.00} {published.TokensPerMillisecond / plain,39:0.00} {best / plain,33:0.00}");
        }
    }

    static CostMeasurement Curve(params (int Rows, double Milliseconds)[] points) => new([.. points.Select(point => point.Rows)], [.. points.Select(point => point.Milliseconds)], 0, 0, 0);

    static IEnumerable<GuessTrace> Traces() => Enumerable.Range(0, 40).Select(i => GuessTrace.Draw(Accuracy, 1000, new Random(i)));

    static PromptTokens Tokens() => new() { Count = 3, Ensemble = 1, Rows = new float[12], Mask = PromptTokenMask.Ensemble, Model = new BaseModel("llama", "bench", 4, 1 << 21, "0"), Accuracy = Accuracy };

    // What a file's accuracy table promises, to be compared with the arm static of ppd bench.
    static void Expect(PromptTokens tokens)
    {
        Console.WriteLine("rows   tokens a step: the publication's trees, the best trees of at most so many rows");
        foreach (var rows in new[] { 6, 8, 12, 16, 24, 32 })
            Console.WriteLine($"{rows,4}   {StaticTrees.Published(tokens.Accuracy!, rows - 1 - tokens.Count).TokensPerStep:0.000}   {StaticTrees.Optimal(tokens.Accuracy!, rows).TokensPerStep:0.000}");
    }

    // The engine with the publication's trees, at the places where the table was measured: greedy continuations of held-out texts, which ppd-train keeps beside the file.
    static void Compare(string path, string modelPath, int threads)
    {
        PromptTokens tokens;
        using (var file = GgufFile.Open(modelPath)) tokens = PromptTokenFile.Read(path, BaseModel.Of(file));
        var library = LlamaLibrary.Load(null, null);
        using var model = LlamaModel.Load(library, modelPath, 0, null, default);
        var texts = HeldOut(path + ".text").ToList();
        var context = texts.Max(text => text.Tokens.Length) + CostCurve.MostRows;
        var settings = new EngineSettings(context, Slots: 1, QueueLimit: 4, PrefillRows: 256, threads, FlashAttention: false);
        using var run = new EngineRun(model, settings, new PromptTokenRows(tokens, new EmbeddingTable(library, modelPath)));
        Console.WriteLine("rows   tokens a step by the table, in the engine   of the table   steps");
        foreach (var rows in new[] { 8, 12, 16, 24, 32 })
        {
            var (drawn, steps) = (0, 0);
            foreach (var (text, start) in texts)
            {
                // the first token comes with the prompt; a place counts where all guesses fall into the text, as for the table
                var emitted = 1;
                run.Generate(text[..start], text.Length - start, CostCurve.MostRows - 1, [new PromptTokenSource(tokens)], plan: PpdPlan.Static(rows), onStep: step =>
                {
                    if (step.Number == 1) return;
                    var yielded = 1 + step.Accepted;
                    if (start + emitted + tokens.Count <= text.Length) (drawn, steps) = (drawn + yielded, steps + 1);
                    emitted += yielded;
                });
            }
            var (table, engine) = (StaticTrees.Published(tokens.Accuracy!, rows - 1 - tokens.Count).TokensPerStep, (double)drawn / steps);
            Console.WriteLine($"{rows,4}   {table,29:0.000} {engine,15:0.000} {engine / table,14:0.000} {steps,7}");
        }
    }

    static IEnumerable<(int[] Tokens, int Start)> HeldOut(string path)
    {
        using var file = GgufFile.Open(path);
        int[] Numbers(string name) => MemoryMarshal.Cast<byte, int>(file.Row(file.Tensors["ppd.text.held_out." + name], 0)).ToArray();
        var (tokens, starts, lengths) = (Numbers("tokens"), Numbers("starts"), Numbers("lengths"));
        var at = 0;
        for (var i = 0; i < lengths.Length; at += lengths[i++]) yield return (tokens[at..(at + lengths[i])], starts[i]);
    }
}
