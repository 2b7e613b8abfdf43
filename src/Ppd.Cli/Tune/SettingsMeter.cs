using System.Diagnostics;
using Ppd.Decoding;
using Ppd.Native;
using Ppd.Planning;

namespace Ppd.Cli.Tune;

/// <summary>Measures one model with one set of settings after the other. Each gets a context of its own, so no more than one cache takes memory.</summary>
sealed class SettingsMeter : IDisposable
{
    const int LongContext = 512;        // tokens, for the cost of attention
    const int MostPrompt = 2048;        // tokens
    const int FirstPrompt = 64;
    const int MostPrompts = 5;          // of one measurement
    const int RowsPerProbe = 60;        // single rows in whose time a probe should get through a round of sizes
    const double SlowModelLimit = 10;   // seconds

    readonly PpdModelOptions _options;
    readonly ModelSource _source;
    readonly PlanSpeed _speed;
    readonly Dictionary<bool, LlamaModel> _models = [];     // by whether their weights are repacked
    readonly TimeSpan _probeTime, _prefillTime;

    /// <param name="options">Which model.</param>
    /// <param name="source">What is known of it.</param>
    /// <param name="start">Measured with these for a first idea of how fast it is.</param>
    /// <param name="quick">Whether less time is taken, for less exact results.</param>
    internal SettingsMeter(PpdModelOptions options, ModelSource source, MachineSettings start, bool quick)
    {
        (_options, _source) = (options, source);
        _speed = PlanSpeed.Of(source.PromptTokens);
        var (probe, prefill) = quick ? (0.2, 0.2) : (0.7, 0.6);  // seconds, for small models
        _prefillTime = TimeSpan.FromSeconds(prefill);
        Positions = Math.Min(source.ContextLength, LongContext);
        try
        {
            using var context = Context(start);
            _ = Prefill(context, start.BatchSize, FirstPrompt);     // the first one reads the weights
            var row = CostProbe.Measure(context, Positions, _source.PromptTokens != null, TimeSpan.Zero).Times[0] / 1000;
            var token = 1 / Prefill(context, start.BatchSize, FirstPrompt);
            _probeTime = TimeSpan.FromSeconds(Math.Clamp(RowsPerProbe * row, probe, SlowModelLimit));
            var most = Math.Min(source.ContextLength, quick ? MachineSettings.DefaultBatchSize : MostPrompt);
            PromptLength = Math.Min(most, FirstPrompt);
            while (2 * PromptLength <= most && 2 * PromptLength * token < prefill / 2) PromptLength *= 2;
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Tokens of the prompt whose speed is measured: as many as take a fraction of a second with the settings of the start.</summary>
    internal int PromptLength { get; }

    /// <summary>Positions that the cost of steps is measured with.</summary>
    internal int Positions { get; }

    /// <summary>On what the expected speeds rest, for people.</summary>
    internal string Basis => _speed.Basis;

    internal SettingsSample Measure(MachineSettings settings)
    {
        using var context = Context(settings);
        var costs = CostProbe.Measure(context, Positions, _source.PromptTokens != null, _probeTime);
        var (plain, planned) = _speed.Of(costs);
        return new SettingsSample(costs, plain, planned, Prefill(context, settings.BatchSize, PromptLength));
    }

    /// <summary>What steps cost, measured no shorter than a load would.</summary>
    internal CostMeasurement MeasureCosts(MachineSettings settings)
    {
        using var context = Context(settings);
        var time = Engine(settings).ProbeTime;
        return CostProbe.Measure(context, Positions, _source.PromptTokens != null, time > _probeTime ? time : _probeTime);
    }

    /// <summary>Frees the weights that these settings do not need.</summary>
    internal void Keep(MachineSettings settings)
    {
        if (_models.Remove(!settings.RepackWeights, out var other)) other.Dispose();
    }

    LlamaContext Context(MachineSettings settings)
    {
        if (!_models.TryGetValue(settings.RepackWeights, out var model))
            _models[settings.RepackWeights] = model = LlamaModel.Load(_source.Library, _options.ModelPath, _options.GpuLayers, null, default, settings.RepackWeights);
        var engine = Engine(settings);
        return LlamaContext.Create(model, new ContextSettings(engine.Cells, engine.BatchRows, EngineSettings.TreeRows, engine.Slots, engine.Threads, engine.FlashAttention, engine.CacheType));
    }

    EngineSettings Engine(MachineSettings settings) =>
        new(Math.Min(_source.ContextLength, MostPrompt), Slots: 1, QueueLimit: 0, settings.BatchSize, settings.Threads, settings.FlashAttention);

    // Tokens per second of a prompt, the best of as many as there is time for; finds the cache empty and leaves it so.
    double Prefill(LlamaContext context, int batchSize, int tokens)
    {
        using var batch = new LlamaBatch(Math.Min(batchSize, tokens), context.Model.EmbeddingLength);
        var begin = Stopwatch.GetTimestamp();
        var best = TimeSpan.MaxValue;
        for (var i = 0; i < MostPrompts && (i == 0 || Stopwatch.GetElapsedTime(begin) + best < _prefillTime); i++)
        {
            var start = Stopwatch.GetTimestamp();
            for (var done = 0; done < tokens;)
            {
                batch.Clear();
                for (var end = Math.Min(done + batchSize, tokens); done < end; done++) batch.AddToken(done % context.Model.Vocabulary.Count, done, [0], wantsLogits: done == end - 1);
                context.Decode(batch);
                _ = context.Logits(batch.Count - 1);    // waits for the device
            }
            var time = Stopwatch.GetElapsedTime(start);
            if (time < best) best = time;
            context.ClearCells();
        }
        return tokens / best.TotalSeconds;
    }

    public void Dispose()
    {
        foreach (var model in _models.Values) model.Dispose();
    }
}
