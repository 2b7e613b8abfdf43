using System.Diagnostics;
using Ppd.Drafting;
using Ppd.Planning;

namespace Ppd.Benchmarks;

/// <summary>What choosing a tree takes: candidates of three prompt tokens with ten ranks each and of n-grams, costs that make trees of about a given size pay.</summary>
static class PlanningTime
{
    // algorithm.md 5.1, Vicuna-7B
    static readonly float[][] Accuracy =
    [
        [.483f, .143f, .074f, .045f, .031f, .022f, .017f, .013f, .009f, .008f],
        [.263f, .146f, .081f, .058f, .043f, .032f, .026f, .022f, .019f, .016f],
        [.164f, .118f, .081f, .058f, .046f, .037f, .031f, .023f, .024f, .018f],
    ];

    internal static void Run(Arguments arguments)
    {
        var repeat = arguments.Number("--repeat", 4000);
        var tokens = new PromptTokens { Count = 3, Ensemble = 1, Rows = new float[12], Mask = PromptTokenMask.Ensemble, Model = new BaseModel("llama", "bench", 4, 1 << 20, "0"), Accuracy = Accuracy };
        Console.WriteLine("a row costs  plan     rows   candidates   propose us   plan us (median)   99th");
        foreach (var (perRow, plan) in new[] { (0.3, "auto"), (0.03, "auto"), (0.01, "auto"), (0.002, "auto"), (0.01, "tree16"), (0.01, "tree64") })
        {
            var planner = new Planner(new CostCurve(new CostMeasurement([1, 2, 64], [1, 1 + perRow, 1 + (63 * perRow)], 0, 0)), [.48f, .13f, .02f], 1);
            var source = new PromptTokenSource(tokens);
            var ngrams = new NGramSource();
            var random = new Random(1);
            ngrams.Observe([.. Enumerable.Range(0, 500).Select(_ => random.Next(12))]);
            var request = planner.Begin(PpdPlan.Parse(plan), source);
            List<double> proposing = [], planning = [];
            var rows = 0;
            for (var i = 0; i < repeat; i++)
            {
                ngrams.Observe([random.Next(12)]);
                source.Observe([1]);
                for (var distance = 0; distance < 3; distance++) source.Look([.. Accuracy[distance].Select((rate, rank) => (1000 + (distance * 100) + rank, rate))]);
                request.Begin(1);
                var start = Stopwatch.GetTimestamp();
                source.Propose(request.Candidates, 24);
                ngrams.Propose(request.Candidates, 24);
                request.Propose(new TreeLimits(63, 63, 1000, 1, false));
                proposing.Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds);
                start = Stopwatch.GetTimestamp();
                planner.Plan([request], 100);
                planning.Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds);
                rows += request.Tree.Count + request.Tree.PromptCount;
            }
            proposing.Sort();
            planning.Sort();
            Console.WriteLine($"{perRow,11}  {plan,-7} {(double)rows / repeat,5:0.0} {request.Candidates.Count,12} {Arguments.Median(proposing),12:0.0} {Arguments.Median(planning),14:0.0} {planning[repeat * 99 / 100],10:0.0}");
        }
    }
}
