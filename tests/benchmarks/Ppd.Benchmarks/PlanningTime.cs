using System.Diagnostics;
using Ppd.Drafting;
using Ppd.Grammars;
using Ppd.Native;
using Ppd.Planning;

namespace Ppd.Benchmarks;

/// <summary>
/// What choosing a tree takes: candidates of three prompt tokens with ten ranks each, of n-grams and of a grammar, costs that make trees of about a given size pay, one request and several in a step.
/// </summary>
static class PlanningTime
{
    // algorithm.md 5.1, Vicuna-7B
    static readonly float[][] Accuracy =
    [
        [.483f, .143f, .074f, .045f, .031f, .022f, .017f, .013f, .009f, .008f],
        [.263f, .146f, .081f, .058f, .043f, .032f, .026f, .022f, .019f, .016f],
        [.164f, .118f, .081f, .058f, .046f, .037f, .031f, .023f, .024f, .018f],
    ];

    const double SixteenRows = 0.03;    // of the first row: about so many rows pay then
    const int Sharing = 4;              // requests

    // a choice, and forced text behind each of its branches and behind the choice
    const string Colours = """root ::= "colour: " ("red" | "green" | "blue" | "yellow" | "orange" | "violet" | "black" | "white") ", and the price is " [0-9]+""";

    internal static void Run(Arguments arguments)
    {
        var repeat = arguments.Number("--repeat", 4000);
        var tokens = new PromptTokens { Count = 3, Ensemble = 1, Rows = new float[12], Mask = PromptTokenMask.Ensemble, Model = new BaseModel("llama", "bench", 4, 1 << 20, "0"), Accuracy = Accuracy };
        Console.WriteLine("a row costs  plan     requests   rows   candidates   propose us   plan us (median)   99th");
        foreach (var (perRow, plan) in new[] { (0.3, "auto"), (SixteenRows, "auto"), (0.01, "auto"), (0.002, "auto"), (0.01, "tree16"), (0.01, "tree64") }) Measure(perRow, plan, 1);
        foreach (var perRow in new[] { 0.3, SixteenRows, 0.01 }) Measure(perRow, "auto", Sharing);
        var library = LlamaLibrary.Load(null, null);
        using var model = LlamaModel.Load(library, Models.Small(library), 0, null, default);
        var constraint = new GrammarConstraint(Grammar.Parse(Colours));
        Console.WriteLine("with a grammar");
        foreach (var perRow in new[] { 0.3, 0.15, SixteenRows }) Measure(perRow, "auto", 1, () => new GrammarSource(model.Vocabulary, constraint));
        Measure(0.15, "auto", Sharing, () => new GrammarSource(model.Vocabulary, constraint));

        void Measure(double perRow, string plan, int count, Func<IDraftSource>? grammar = null)
        {
            var planner = new Planner(new CostCurve(new CostMeasurement([1, 2, 64], [1, 1 + perRow, 1 + (63 * perRow)], 0, 0, 0)), [.48f, .13f, .02f], 1);
            var random = new Random(1);
            var requests = Enumerable.Range(0, count).Select(_ =>
            {
                var (source, ngrams) = (new PromptTokenSource(tokens), new NGramSource());
                ngrams.Observe([.. Enumerable.Range(0, 500).Select(_ => random.Next(12))]);
                var constrained = grammar?.Invoke();
                constrained?.Observe([1]);
                return (Plan: planner.Begin(PpdPlan.Parse(plan), source), Source: source, NGrams: ngrams, Grammar: constrained);
            }).ToArray();
            List<RequestPlan> plans = [.. requests.Select(request => request.Plan)];
            List<double> proposing = [], planning = [];
            var rows = 0;
            for (var i = 0; i < repeat; i++)
            {
                foreach (var request in requests)
                {
                    request.NGrams.Observe([random.Next(12)]);
                    request.Source.Observe([1]);
                    for (var distance = 0; distance < 3; distance++) request.Source.Look([.. Accuracy[distance].Select((rate, rank) => (1000 + (distance * 100) + rank, rate))]);
                    request.Plan.Begin(1);
                }
                var start = Stopwatch.GetTimestamp();
                foreach (var request in requests)
                {
                    request.Source.Propose(request.Plan.Candidates, 24);
                    request.NGrams.Propose(request.Plan.Candidates, 24);
                    request.Grammar?.Propose(request.Plan.Candidates, 24);
                    request.Plan.Propose(new TreeLimits(63, 63 / count, 1000, 1, false));
                }
                proposing.Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds);
                start = Stopwatch.GetTimestamp();
                planner.Plan(plans, 100);
                planning.Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds);
                rows += plans.Sum(request => request.Tree.Count + request.Tree.PromptCount);
            }
            proposing.Sort();
            planning.Sort();
            Console.WriteLine($"{perRow,11}  {plan,-7} {count,9} {(double)rows / repeat,6:0.0} {plans.Sum(request => request.Candidates.Count),12} {Arguments.Median(proposing),12:0.0} {Arguments.Median(planning),18:0.0} {planning[repeat * 99 / 100],6:0.0}");
        }
    }
}
