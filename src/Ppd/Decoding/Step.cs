using System.Diagnostics;
using System.Numerics.Tensors;
using System.Runtime;
using System.Runtime.InteropServices;
using Ppd.Drafting;
using Ppd.Native;
using Ppd.Planning;

namespace Ppd.Decoding;

/// <summary>One turn of the engine: draft, plan, lay out, decode, verify, keep. Plain decoding is the same turn with one-node trees.</summary>
sealed class Step : IDisposable
{
    readonly LlamaContext _context;
    readonly PromptTokenRows? _prompts;
    readonly LlamaBatch _rows;
    readonly StepBatch _batch;
    readonly List<RequestPlan> _plans = [];
    readonly List<int> _accepted = [];
    readonly List<(Slot Slot, int Root, int[] Drawn, (int, float)? LeftOut)> _reports = [];
    readonly EngineSettings _settings;
    readonly List<int> _emitted = [];
    readonly float[] _meanLogits;   // [vocabulary]
    readonly Func<int, bool> _endsGeneration;

    /// <param name="context">The cache of all slots.</param>
    /// <param name="settings">Sizes.</param>
    /// <param name="prompts">The model's prompt tokens, if it has any.</param>
    /// <param name="planner">Chooses the trees.</param>
    internal Step(LlamaContext context, EngineSettings settings, PromptTokenRows? prompts, Planner planner)
    {
        Planner = planner;
        _context = context;
        _settings = settings;
        _prompts = prompts;
        _rows = new LlamaBatch(settings.BatchRows, context.Model.EmbeddingLength);
        _batch = new StepBatch(_rows, prompts);
        _endsGeneration = context.Model.Vocabulary.EndsGeneration;
        _meanLogits = prompts is { Ensemble: > 1 } ? new float[context.Model.Vocabulary.Count] : [];
    }

    /// <summary>Chooses the trees.</summary>
    internal Planner Planner { get; set; }

    /// <summary>Where the time went.</summary>
    internal StepTimes Times { get; private set; }

    /// <summary>Advances every active request; false if the decode was aborted and nothing changed.</summary>
    /// <param name="active">The requests.</param>
    /// <param name="cached">Tokens in the cache, those kept of earlier requests included: attention passes over all of them.</param>
    internal bool Run(List<Slot> active, int cached)
    {
        var start = Stopwatch.GetTimestamp();
        var compiled = JitInfo.GetCompiledMethodCount();
        Draft(active);
        Plan(active, cached);
        var planned = Stopwatch.GetTimestamp();
        LayOut(active);
        var decode = Stopwatch.GetTimestamp();
        if (_context.Decode(_rows) == DecodeOutcome.Aborted) return false;
        var verify = Stopwatch.GetTimestamp();
        Verify(active);
        Keep(active);
        var end = Stopwatch.GetTimestamp();
        Times = Times.Add(start, decode, verify, end);
        var milliseconds = Stopwatch.GetElapsedTime(start, end).TotalMilliseconds;
        Report(active, milliseconds);
        // while the JIT compiler is at work, here or beside, a step takes many times as long
        if (JitInfo.GetCompiledMethodCount() == compiled) Learn(active, cached, milliseconds, Stopwatch.GetElapsedTime(start, planned).TotalMilliseconds);
        Planner.Shape = Shape(active);
        return true;
    }

    void Draft(List<Slot> active)
    {
        foreach (var slot in active)
        {
            var (request, plan) = (slot.Generation!.Request, slot.Plan);
            plan.Begin(slot.Text[^1]);
            if (request.DraftTokens == 0 || plan.Plan.Kind == PpdPlanKind.Off) continue;
            var room = slot.Room(_settings.ContextLength);
            // a guess at depth d is worth a row only if d + 1 tokens may still be emitted
            var maxDepth = Math.Min(room - 1, request.DraftTokens);
            if (slot.PrefillLeft > 0)
            {
                foreach (var source in request.DraftSources)
                    if (source.KnowsBeginnings && maxDepth > 0) source.Propose(plan.Candidates, maxDepth);
                plan.Candidates.MarkEnds(_endsGeneration);
                // while its prompt is still being decoded a request has one path: the paths of a tree share only cells that exist
                plan.ProposeBeginning(new TreeLimits(request.DraftTokens, Paths: 1, room, plan.Ensemble, IsChain: true));
                continue;
            }
            if (maxDepth < 1 || (plan.Plan.Kind == PpdPlanKind.Auto && !plan.Balance.AllowsDrafts())) continue;
            foreach (var source in request.DraftSources) source.Propose(plan.Candidates, maxDepth);
            plan.Candidates.MarkEnds(_endsGeneration);
            plan.Propose(new TreeLimits(request.DraftTokens, slot.Cache.PathLimit, room, plan.Ensemble, plan.Plan.Kind == PpdPlanKind.Chain));
        }
    }

    void Plan(List<Slot> active, int cached)
    {
        _plans.Clear();
        foreach (var slot in active) _plans.Add(slot.Plan);
        Planner.Plan(_plans, cached);
        foreach (var slot in active) slot.Layout.Number(slot.Plan.Tree, slot.PrefillLeft > 0 ? 1 : slot.Cache.PathLimit);
    }

    void LayOut(List<Slot> active)
    {
        var decoding = 0;
        foreach (var slot in active)
            if (slot.PrefillLeft == 0) decoding++;
        // prompts share what a step has left over: all of it while nobody waits for tokens, a part otherwise
        var prefill = decoding == 0 ? _settings.PrefillRows : Math.Min(_settings.PrefillRows, EngineSettings.SharedPrefillRows);
        // one kind of rows as long as prompt tokens may come: a change of kind makes llama.cpp build its graph anew
        var embeddings = false;
        foreach (var slot in active)
        {
            slot.PrefillRows = Math.Min(slot.PrefillLeft, prefill);
            prefill -= slot.PrefillRows;
            slot.DecodesTree = slot.PrefillRows == slot.PrefillLeft;
            embeddings |= slot.Plan.Chains.Count > 0;
        }
        _batch.Begin(embeddings);
        foreach (var slot in active)
        {
            var start = slot.Cache.Length;
            for (var i = 0; i < slot.PrefillRows; i++) _batch.AddWord(slot.Text[start + i], start + i, slot.Cache.Trunk, wantsLogits: false);
            if (slot.DecodesTree) slot.Layout.AddRows(slot.Plan.Tree, start + slot.PrefillRows, slot.Cache.Paths(slot.Layout.Paths), _batch);
        }
    }

    void Verify(List<Slot> active)
    {
        foreach (var slot in active)
        {
            if (!slot.DecodesTree) continue;
            try
            {
                Verify(slot);
            }
            catch (Exception error)
            {
                slot.Failure = error;
            }
        }
    }

    // Sample-then-match: at each node one draw from the request's own sampler; if a child guessed it, that child's logits are the next to draw from. Exact for any sampler.
    void Verify(Slot slot)
    {
        var generation = slot.Generation!;
        var vocabulary = _context.Model.Vocabulary;
        int? end = null;
        _emitted.Clear();
        slot.AcceptedNode = 0;
        for (var node = 0; node >= 0 && slot.Ended == null;)
        {
            slot.AcceptedNode = node;
            var token = generation.Sampler.Sample(generation.Sampler.NeedsLogits ? _context.Logits(slot.Layout.Row(node)) : default);
            if (vocabulary.EndsGeneration(token))
            {
                end = token;
                slot.Ended = StopReason.Stop;
                break;
            }
            slot.Append(token);
            _emitted.Add(token);
            if (generation.Sampler.Ended) slot.Ended = StopReason.Stop;
            else if (_emitted.Count >= generation.Remaining || slot.Text.Length >= _settings.ContextLength) slot.Ended = StopReason.Length;
            node = slot.Plan.Tree.Find(node, token);
        }
        var emitted = CollectionsMarshal.AsSpan(_emitted);
        var kept = 0;
        if (!emitted.IsEmpty && !generation.Request.Sink.Accept(emitted, out kept)) slot.Ended = StopReason.Stop;
        generation.CountStep(slot.Plan.Tree, TreeRows(slot), slot.Plan.Tree.Depth(slot.AcceptedNode), kept);
        if (generation.Request.OnStep != null) _reports.Add((slot, slot.Plan.Tree.Token(0), emitted.ToArray(), StepReport.LeftOut(slot.Plan)));
        foreach (var source in generation.Request.DraftSources) source.Observe(emitted);
        if (end != null) _emitted.Add(end.Value);
        slot.Plan.Observe(CollectionsMarshal.AsSpan(_emitted));
        for (var i = 0; i < slot.Plan.Tree.Prompts(slot.AcceptedNode); i++) generation.Request.PromptSource!.Look(MeanLogits(slot, i));
    }

    int TreeRows(Slot slot) => slot.Plan.Tree.Count + (slot.Plan.Tree.PromptCount * (_prompts?.Ensemble ?? 0));

    // of the ensemble members of a prompt token under the accepted node (algorithm.md 1)
    ReadOnlySpan<float> MeanLogits(Slot slot, int prompt)
    {
        var first = _context.Logits(slot.Layout.PromptRow(slot.AcceptedNode, prompt, 0));
        if (_prompts!.Ensemble == 1) return first;
        first.CopyTo(_meanLogits);
        for (var j = 1; j < _prompts.Ensemble; j++)
            TensorPrimitives.Add(_meanLogits, _context.Logits(slot.Layout.PromptRow(slot.AcceptedNode, prompt, j)), _meanLogits);
        TensorPrimitives.Divide(_meanLogits, _prompts.Ensemble, _meanLogits);
        return _meanLogits;
    }

    static void Keep(List<Slot> active)
    {
        foreach (var slot in active)
        {
            slot.Cache.Commit(slot.PrefillRows);
            if (!slot.DecodesTree) continue;
            if (slot.Failure == null) slot.Cache.Keep(slot.Plan.Tree, slot.Layout, slot.AcceptedNode);
            else slot.Cache.Truncate(slot.Cache.Length);
        }
    }

    void Report(List<Slot> active, double milliseconds)
    {
        if (_reports.Count == 0) return;
        var (trees, requests) = (default(StepShape), 0);
        foreach (var slot in active)
        {
            if (!slot.DecodesTree) continue;
            var rows = TreeRows(slot);
            (trees, requests) = (new(trees.Rows + rows, trees.Paths + slot.Layout.Paths, trees.Outputs + rows - slot.Plan.Tree.Decided), requests + 1);
        }
        foreach (var (slot, root, drawn, leftOut) in _reports)
        {
            try
            {
                slot.Generation!.Request.OnStep!(new StepReport(_context.Model.Vocabulary, Planner).Make(slot, root, drawn, leftOut, trees, requests, milliseconds));
            }
            catch (Exception error)
            {
                slot.Failure = error;
            }
        }
        _reports.Clear();
    }

    // a request whose prompt is not decoded yet has the trunk
    StepShape Shape(List<Slot> active)
    {
        var paths = 0;
        foreach (var slot in active) paths += slot.DecodesTree ? slot.Layout.Paths : 1;
        return new StepShape(_rows.Count, paths, _rows.Outputs);
    }

    // A step that also decoded parts of prompts, or broke, says nothing about others.
    void Learn(List<Slot> active, int cached, double milliseconds, double drafting)
    {
        _accepted.Clear();
        foreach (var slot in active)
        {
            if (slot.PrefillRows > 0 || !slot.DecodesTree || slot.Failure != null) return;
            _accepted.Add(slot.Plan.Tree.Depth(slot.AcceptedNode));
        }
        Planner.Observe(_plans, _accepted, Shape(active), cached, milliseconds, drafting);
    }

    /// <inheritdoc/>
    public void Dispose() => _rows.Dispose();
}
