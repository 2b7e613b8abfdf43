using System.Diagnostics;
using System.Numerics.Tensors;
using Ppd.Decoding;
using Ppd.Native;
using Ppd.Testing;

namespace Ppd.Benchmarks;

/// <summary>Plain decoding of the engine against the least that can be done over the C API: decode one token, take the largest logit, repeat. Interleaved.</summary>
static class Baseline
{
    // a pool's threads poll for about 0.1 s after their last work, on processors that the other pool needs
    static readonly TimeSpan PoolFallsAsleep = TimeSpan.FromMilliseconds(400);

    internal static void Run(Arguments arguments)
    {
        var library = LlamaLibrary.Load(null, null);
        Console.WriteLine($"llama.cpp {library.Version}, {string.Join(", ", library.Devices.Select(d => d.Description))}");
        Console.WriteLine("model        threads  bare ms/token (min-max)   engine ms/token (min-max)   engine speed / bare   bytes allocated/token");
        foreach (var type in new[] { RandomWeightType.Q4_0, RandomWeightType.F16 })
            Compare(library, Models.Large(library, type), type.ToString(), arguments);
    }

    static void Compare(LlamaLibrary library, string path, string name, Arguments arguments)
    {
        var (threads, tokens, repeat) = (arguments.Number("--threads", 2), arguments.Number("--tokens", 128), arguments.Number("--repeat", 9));
        var flashAttention = arguments.Flag("--flash-attention");
        using var model = LlamaModel.Load(library, path, 0, null, default);
        int[] prompt = [.. Enumerable.Range(300, 64)];
        using var bare = new BareLoop(model, threads, flashAttention);
        using var run = new EngineRun(model, new EngineSettings(2000, Slots: 1, QueueLimit: 4, PrefillRows: 512, threads, flashAttention));
        List<double> bareTimes = [], engineTimes = [], ratios = [], allocations = [];
        for (var i = 0; i <= repeat; i++)
        {
            var expected = bare.Generate(prompt, tokens, out var bareTime);
            Thread.Sleep(PoolFallsAsleep);
            var reply = run.Generate(prompt, tokens, 0, []);
            Thread.Sleep(PoolFallsAsleep);
            if (!reply.Tokens.SequenceEqual(expected)) throw new InvalidOperationException("The two loops generated different tokens.");
            if (i == 0) continue;   // warm-up
            var engineTime = reply.Statistics.DecodeTime.TotalMilliseconds / (reply.Tokens.Count - 1);
            bareTimes.Add(bareTime);
            engineTimes.Add(engineTime);
            ratios.Add(bareTime / engineTime);
            allocations.Add((double)reply.Allocated / reply.Tokens.Count);
        }
        Console.WriteLine($"m160 {name,-7} {threads,7}  {Arguments.Median(bareTimes),8:0.000} ({bareTimes.Min():0.000}-{bareTimes.Max():0.000})   " +
            $"{Arguments.Median(engineTimes),8:0.000} ({engineTimes.Min():0.000}-{engineTimes.Max():0.000})   {Arguments.Median(ratios),8:0.000} ({ratios.Min():0.000}-{ratios.Max():0.000})   " +
            $"{Arguments.Median(allocations),8:0}");
    }

    /// <summary>One token per decode on one sequence; argmax by the same vectorised function.</summary>
    sealed class BareLoop(LlamaModel model, int threads, bool flashAttention) : IDisposable
    {
        readonly LlamaContext _context = LlamaContext.Create(model, new ContextSettings(2064, 512, 64, 1, threads, flashAttention));
        readonly LlamaBatch _batch = new(512, model.EmbeddingLength);

        /// <summary>Greedy tokens after a prompt; the time covers all but the first, like the engine's decode time, in ms per token.</summary>
        internal List<int> Generate(int[] prompt, int count, out double time)
        {
            _context.ClearCells();
            _batch.Clear();
            for (var i = 0; i < prompt.Length; i++) _batch.AddToken(prompt[i], i, [0], wantsLogits: i == prompt.Length - 1);
            _context.Decode(_batch);
            List<int> tokens = [TensorPrimitives.IndexOfMax(_context.Logits(_batch.Count - 1))];
            var start = Stopwatch.GetTimestamp();
            while (tokens.Count < count)
            {
                _batch.Clear();
                _batch.AddToken(tokens[^1], prompt.Length + tokens.Count - 1, [0], wantsLogits: true);
                _context.Decode(_batch);
                tokens.Add(TensorPrimitives.IndexOfMax(_context.Logits(0)));
            }
            time = Stopwatch.GetElapsedTime(start).TotalMilliseconds / (count - 1);
            return tokens;
        }

        public void Dispose()
        {
            _batch.Dispose();
            _context.Dispose();
        }
    }
}
