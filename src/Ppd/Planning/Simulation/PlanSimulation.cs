using Ppd.Decoding;
using Ppd.Drafting;

namespace Ppd.Planning.Simulation;

/// <summary>What a simulation counts.</summary>
/// <param name="Tokens">Tokens emitted.</param>
/// <param name="Steps">Forward passes.</param>
/// <param name="Milliseconds">Their time by the cost curve.</param>
/// <param name="Expected">Guesses that the plans expected to be right.</param>
/// <param name="Sizes">[rows + 1] steps by their rows.</param>
sealed record SimulationResult(int Tokens, int Steps, double Milliseconds, double Expected, int[] Sizes)
{
    internal double TokensPerStep => (double)Tokens / Steps;

    internal double TokensPerMillisecond => Tokens / Milliseconds;

    internal double RowsPerStep => Sizes.Select((steps, rows) => (double)steps * rows).Sum() / Steps;
}

/// <summary>
/// Plays plans over recorded or drawn guesses with a given cost curve and no model: for devices that are not at hand, for comparing plans on the very same guesses, and
/// for checking the planner. The planner, the acceptance model and the sources are the engine's own; only decoding is replaced, by looking the answer up.
/// </summary>
/// <param name="costs">What steps cost.</param>
/// <param name="tokens">The prompt tokens, with their accuracy table: the planner's first values, and static trees.</param>
sealed class PlanSimulation(CostMeasurement costs, PromptTokens tokens)
{
    readonly Planner _planner = new(new CostCurve(costs), tokens.HitRates(), ensemble: 1, tokens.Accuracy);
    (int, int) _shape;

    /// <summary>Time of a step by its rows and its number in the reply, from 0, where the planner's curve says otherwise; for a machine that changes.</summary>
    internal Func<int, int, double>? Actual { get; init; }

    /// <summary>Milliseconds of the engine's own work in every step, for costs that are those of decoding alone.</summary>
    internal double Host { get; init; }

    /// <summary>Tokens in the cache, on average.</summary>
    internal int Context { get; init; }

    /// <summary>Decodes the replies, one after the other.</summary>
    internal SimulationResult Run(IEnumerable<GuessTrace> traces, PpdPlan plan, bool promptTokens = true, bool ngrams = false)
    {
        var result = new SimulationResult(0, 0, 0, 0, new int[CostCurve.MostRows + 1]);
        foreach (var trace in traces) result = Run(trace, plan, promptTokens, ngrams, result);
        return result;
    }

    SimulationResult Run(GuessTrace trace, PpdPlan plan, bool promptTokens, bool ngrams, SimulationResult result)
    {
        var source = promptTokens ? new PromptTokenSource(tokens) : null;
        List<IDraftSource> sources = [.. source == null ? [] : new[] { source }];
        if (ngrams) sources.Add(new NGramSource());
        foreach (var each in sources) each.Observe(trace.Prompt);
        var request = _planner.Begin(plan, source);
        List<RequestPlan> requests = [request];
        var layout = new TreeLayout(ensemble: 1);
        List<int> emitted = [];
        var before = result.Steps;
        // the first token, and the first guesses, come with the prompt
        foreach (var each in sources) each.Observe(trace.Reply.AsSpan(0, 1));
        Look(source, trace, 0, tokens.Count);
        for (var at = 1; at < trace.Reply.Length;)
        {
            var room = trace.Reply.Length - at;
            request.Begin(trace.Reply[at - 1]);
            if (plan.Kind != PpdPlanKind.Off && room > 1 && (plan.Kind != PpdPlanKind.Auto || request.Balance.AllowsDrafts()))
            {
                foreach (var each in sources) each.Propose(request.Candidates, room - 1);
                request.Propose(new TreeLimits(CostCurve.MostRows, CostCurve.MostRows, room, 1, plan.Kind == PpdPlanKind.Chain));
            }
            _planner.Plan(requests, Context);
            layout.Number(request.Tree, CostCurve.MostRows);
            var rows = request.Tree.Count + request.Tree.PromptCount;
            var milliseconds = (Actual?.Invoke(rows, result.Steps - before) ?? costs.Milliseconds(rows, Context)) + ((rows, layout.Paths) == _shape ? 0 : costs.Rebuild) + Host;
            _shape = (rows, layout.Paths);

            emitted.Clear();
            var node = 0;
            for (var next = 0; next >= 0 && at + emitted.Count < trace.Reply.Length;)
            {
                node = next;
                emitted.Add(trace.Reply[at + emitted.Count]);
                next = request.Tree.Find(node, emitted[^1]);
            }
            at += emitted.Count;
            request.Observe([.. emitted]);
            foreach (var each in sources) each.Observe([.. emitted]);
            // the accepted node is the last token but one
            Look(source, trace, at - 1, request.Tree.Prompts(node));
            var expected = 0.0;
            for (var guess = 1; guess < request.Tree.Count; guess++) expected += request.Tree.Reach(guess);
            _planner.Observe(requests, [request.Tree.Depth(node)], new StepShape(rows, layout.Paths, rows), Context, milliseconds);
            result.Sizes[rows]++;
            result = result with { Tokens = result.Tokens + emitted.Count, Steps = result.Steps + 1, Milliseconds = result.Milliseconds + milliseconds, Expected = result.Expected + expected };
        }
        return result;
    }

    // place 0 is behind the prompt, place i behind token i - 1 of the reply
    static void Look(PromptTokenSource? source, GuessTrace trace, int place, int count)
    {
        if (source == null) return;
        for (var distance = 0; distance < Math.Min(count, trace.Guesses[place].Length); distance++) source.Look(trace.Guesses[place][distance]);
    }
}
