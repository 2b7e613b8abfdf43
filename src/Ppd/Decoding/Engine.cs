using Microsoft.Extensions.Logging;
using Ppd.Drafting;
using Ppd.Native;
using Ppd.Planning;

namespace Ppd.Decoding;

/// <summary>
/// Serves generation requests on one model. A single loop thread owns the native context; up to <see cref="EngineSettings.Slots"/> requests share every step,
/// others wait in a bounded queue. All members may be called from any thread.
/// </summary>
sealed partial class Engine : IDisposable
{
    readonly EngineSettings _settings;
    readonly ILogger _logger;
    readonly LlamaContext _context;
    readonly PromptTokenRows? _prompts;
    readonly Step _step;
    readonly Slot[] _slots;
    readonly Thread _loop;

    readonly Lock _gate = new();
    readonly ManualResetEventSlim _work = new();    // set while there is something to do
    readonly LinkedList<Generation> _queue = [];    // guarded by _gate
    readonly List<Slot> _active = [];               // changed by the loop under _gate
    int _open;                                      // requests in the queue or in a slot; guarded by _gate
    bool _stopping;                                 // guarded by _gate
    volatile Exception? _failure;

    /// <summary>Where the time of the steps so far went; for measurements.</summary>
    internal StepTimes Times => _step.Times;

    /// <summary>Requests in slots and in the queue.</summary>
    internal (int Active, int Waiting) Requests
    {
        get
        {
            lock (_gate) return (_active.Count, _queue.Count);
        }
    }

    /// <summary>Why the last step failed; null if it did not.</summary>
    internal Exception? Failure => _failure;

    /// <summary>Starts the loop.</summary>
    /// <param name="model">The model; the engine does not own it.</param>
    /// <param name="settings">Sizes.</param>
    /// <param name="logger">Told of replies and failures.</param>
    /// <param name="prompts">The model's prompt tokens, owned from here on; null decodes without.</param>
    /// <param name="costs">What steps cost here, if it is known already; else it is measured first.</param>
    internal Engine(LlamaModel model, EngineSettings settings, ILogger logger, PromptTokenRows? prompts = null, CostMeasurement? costs = null)
    {
        _settings = settings;
        _logger = new GuardedLogger(logger);
        try
        {
            _context = LlamaContext.Create(model, new ContextSettings(settings.Cells, settings.BatchRows, EngineSettings.TreeRows, settings.Slots, settings.Threads,
                settings.FlashAttention, settings.CacheType));
            _prompts = Usable(prompts);
            _step = new Step(_context, settings, _prompts, NewPlanner(costs ?? CostProbe.Measure(_context, settings.ContextLength, embeddings: _prompts != null, settings.ProbeTime)));
        }
        catch
        {
            _context?.Dispose();
            prompts?.Dispose();
            throw;
        }
        _slots = [.. Enumerable.Range(0, settings.Slots).Select(i => new Slot(new CacheSlot(_context, i * settings.PathsPerSlot, settings.PathsPerSlot), _prompts?.Ensemble ?? 1))];
        _loop = new Thread(Loop) { IsBackground = true, Name = "ppd engine" };
        _loop.Start();
    }

    /// <summary>What steps cost here.</summary>
    internal CostCurve Costs => _step.Planner.Costs;

    /// <summary>What has been learned so far, and plans with it. May be exchanged while nothing is being generated: measurements compare plans that learn apart.</summary>
    internal Planner Planner
    {
        get => _step.Planner;
        set
        {
            lock (_gate)
            {
                if (_open > 0) throw new InvalidOperationException($"{_open} requests are under way; the planner can be exchanged between requests only.");
                _step.Planner = value;
            }
        }
    }

    /// <summary>A planner that has learned nothing yet.</summary>
    internal Planner NewPlanner(CostMeasurement costs) => new(new CostCurve(costs), _prompts?.Tokens.HitRates() ?? [], _prompts?.Ensemble ?? 1, _prompts?.Tokens.Accuracy);

    /// <summary>The prompt tokens decoded with, or null.</summary>
    internal PromptTokens? PromptTokens => _prompts?.Tokens;

    // A step with prompt tokens is an embedding batch, whose word rows must mean what tokens mean.
    PromptTokenRows? Usable(PromptTokenRows? prompts)
    {
        if (prompts == null) return null;
        if (EmbeddingScale.Find(_context, prompts.Words) is { } scale)
        {
            prompts.Words.Scale = scale;
            return prompts;
        }
        LogNoPromptTokens();
        prompts.Dispose();
        return null;
    }

    /// <summary>Queues a request.</summary>
    /// <exception cref="PpdContextLengthException">The prompt leaves no room for a reply.</exception>
    /// <exception cref="PpdQueueFullException">Too many requests are waiting.</exception>
    internal Generation Submit(GenerationRequest request)
    {
        if (request.Prompt.Length == 0) throw new ArgumentException("The prompt has no tokens.", nameof(request));
        if (request.MaxTokens is < 1) throw new ArgumentOutOfRangeException(nameof(request), $"A reply of {request.MaxTokens} tokens was asked for; the least is 1.");
        if (request.Prompt.Length >= _settings.ContextLength) throw new PpdContextLengthException(request.Prompt.Length, _settings.ContextLength);
        foreach (var token in request.Prompt)
            if ((uint)token >= (uint)_context.Model.Vocabulary.Count)
                throw new ArgumentOutOfRangeException(nameof(request), $"Token {token} is outside the vocabulary of {_context.Model.Vocabulary.Count}.");
        if (request.Plan.Kind == PpdPlanKind.Static && StaticPlan.Obstacle(request.Plan.Rows, PromptTokens, _settings.PathsPerSlot) is { } obstacle)
            throw new NotSupportedException($"The plan '{request.Plan}' was asked for; {obstacle}.");
        var generation = new Generation(this, request, new TokenSampler(_context.Model, request.Sampling));
        lock (_gate)
        {
            var refused = _stopping || _open >= _settings.Slots + _settings.QueueLimit;
            if (refused) generation.Sampler.Dispose();
            ObjectDisposedException.ThrowIf(_stopping, typeof(PpdModel));
            if (refused) throw new PpdQueueFullException(_settings.QueueLimit);
            _queue.AddLast(generation);
            _open++;
            _work.Set();
        }
        return generation;
    }

    /// <summary>Called by a cancelled request: takes it out of the queue, or stops the running decode if nobody else needs it.</summary>
    internal void OnCancelled(Generation generation)
    {
        bool queued;
        lock (_gate)
        {
            queued = _queue.Remove(generation);
            if (queued) _open--;
            // an engine that stops has set the flag itself, and may have freed it by now
            if (!_stopping && NobodyNeedsTheStep()) _context.SetAbort(true);
        }
        if (queued) Cancelled(generation);
    }

    void Loop()
    {
        while (true)
        {
            _work.Wait();
            lock (_gate)
            {
                if (_stopping) break;
                if (_queue.Count == 0 && _active.Count == 0)
                {
                    _work.Reset();
                    continue;
                }
            }
            Retire();
            Admit();
            if (_active.Count > 0) RunStep();
        }
        while (_active.Count > 0) End(_active[^1], g => g.Request.Sink.Fail(new ObjectDisposedException(nameof(PpdModel), "The model was disposed while it generated.")));
    }

    void RunStep()
    {
        lock (_gate) _context.SetAbort(NobodyNeedsTheStep());
        try
        {
            var cached = 0;
            foreach (var slot in _slots) cached += slot.Cache.Length;
            if (_step.Run(_active, cached)) _failure = null;
            else foreach (var slot in _active) slot.Cache.Truncate(slot.Cache.Length);
        }
        catch (Exception error)
        {
            LogStepFailed(error, _active.Count);
            _failure = error;
            foreach (var slot in _active) slot.Failure = error;
        }
        Retire();
    }

    bool NobodyNeedsTheStep()
    {
        if (_stopping) return true;
        foreach (var slot in _active)
            if (!slot.Generation!.Cancelled) return false;
        return _active.Count > 0;
    }

    void Admit()
    {
        while (_active.Count < _slots.Length)
        {
            Generation generation;
            lock (_gate)
            {
                if (_queue.First is not { } first) return;
                generation = first.Value;
                _queue.RemoveFirst();
            }
            var (slot, reused) = BestSlot(generation.Request.Prompt);
            slot.Begin(generation, reused, _step.Planner.Begin(generation.Request.Plan, _prompts == null ? null : generation.Request.PromptSource));
            lock (_gate) _active.Add(slot);
        }
    }

    // The free slot that holds most of the prompt. Its last token is always decoded: the first reply token is drawn from its logits.
    (Slot Slot, int Reused) BestSlot(int[] prompt)
    {
        (Slot? Slot, int Reused) best = (null, -1);
        foreach (var slot in _slots)
            if (slot.Generation == null && slot.CommonPrefix(prompt.AsSpan(0, prompt.Length - 1)) is var common && common > best.Reused) best = (slot, common);
        return (best.Slot!, best.Reused);
    }

    // Lets go of requests that ended, broke or were cancelled. The slot is free before its owner hears of it.
    void Retire()
    {
        for (var i = _active.Count - 1; i >= 0; i--)
        {
            var slot = _active[i];
            if (slot.Failure is { } failure) End(slot, g => Fail(g, failure));
            else if (slot.Ended is { } reason) End(slot, g => Complete(g, reason));
            else if (slot.Generation!.Cancelled) End(slot, Cancelled);
        }
    }

    void End(Slot slot, Action<Generation> notify)
    {
        Generation generation;
        lock (_gate)
        {
            _active.Remove(slot);
            _open--;
            generation = slot.End();
        }
        try
        {
            notify(generation);
        }
        catch (Exception error)
        {
            LogFailed(error);   // a sink that breaks at the very end must not take the loop with it
        }
    }

    void Complete(Generation generation, StopReason reason)
    {
        var result = new GenerationResult(reason, generation.Statistics());
        if (!generation.Request.IsWarmUp) LogCompleted(reason, result.Statistics);
        generation.Request.Sink.Complete(result);
    }

    void Fail(Generation generation, Exception error)
    {
        LogFailed(error);
        generation.Request.Sink.Fail(error);
    }

    void Cancelled(Generation generation)
    {
        LogCancelled(generation.Generated);
        generation.Sampler.Dispose();
        generation.Request.Sink.Fail(new OperationCanceledException("The request was cancelled."));
    }

    /// <summary>Stops the loop inside a running decode, fails waiting requests and frees the context.</summary>
    public void Dispose()
    {
        // the loop cannot wait for itself; a sink that wants the engine gone must hand that on, like any other work
        if (Thread.CurrentThread == _loop) throw new InvalidOperationException("The engine was disposed from inside a token sink; dispose it from another thread.");
        List<Generation> waiting;
        lock (_gate)
        {
            if (_stopping) return;
            _stopping = true;
            _context.SetAbort(true);
            waiting = [.. _queue];
            _queue.Clear();
            _work.Set();
        }
        _loop.Join();
        foreach (var generation in waiting)
        {
            generation.Sampler.Dispose();
            generation.Request.Sink.Fail(new ObjectDisposedException(nameof(PpdModel), "The model was disposed before the request started."));
        }
        _step.Dispose();
        _context.Dispose();
        _prompts?.Dispose();
        _work.Dispose();
    }

    [LoggerMessage(LogLevel.Warning, "Prompt tokens are off: this model decodes embedding rows otherwise than tokens, and no known factor explains it")]
    partial void LogNoPromptTokens();

    [LoggerMessage(LogLevel.Debug, "Reply ended by {Reason}: {Statistics}")]
    partial void LogCompleted(StopReason reason, PpdGenerationStatistics statistics);

    [LoggerMessage(LogLevel.Debug, "Reply cancelled after {Tokens} tokens")]
    partial void LogCancelled(int tokens);

    [LoggerMessage(LogLevel.Error, "A request failed")]
    partial void LogFailed(Exception error);

    [LoggerMessage(LogLevel.Error, "A step failed; its {Requests} requests fail with it")]
    partial void LogStepFailed(Exception error, int requests);
}
