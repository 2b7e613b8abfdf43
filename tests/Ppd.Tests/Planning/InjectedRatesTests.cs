using Ppd.Decoding;
using Ppd.Drafting;
using Ppd.Native;
using Ppd.Planning;
using Ppd.Testing;
using Ppd.Tests.Decoding;

namespace Ppd.Tests.Planning;

/// <summary>algorithm.md 13, test 9: what the engine learns of its guesses is how often they are right, whatever trees it verifies meanwhile.</summary>
public sealed class InjectedRatesTests
{
    const int ReplyTokens = 150;
    const int Proposals = 2500;         // for every plan: the estimates scatter by 0.01 to 0.02
    const float Tolerance = 0.06f, Agreement = 0.03f;

    // What the sources claim is far from the truth, deep and unlikely guesses included.
    static readonly Injected[] Guesses =
    [
        new(DraftKind.PromptToken, 1, Claim: 0.55f, Rate: 0.3f),
        new(DraftKind.PromptToken, 1, Claim: 0.1f, Rate: 0.25f),
        new(DraftKind.NGram, 1, Claim: 0.33f, Rate: 0.15f),
        new(DraftKind.PromptToken, 2, Claim: 0.35f, Rate: 0.65f),
        new(DraftKind.PromptToken, 2, Claim: 0.2f, Rate: 0.03f),
        new(DraftKind.NGram, 2, Claim: 0.6f, Rate: 0.85f),
        new(DraftKind.PromptToken, 3, Claim: 0.75f, Rate: 0.4f),
        new(DraftKind.PromptToken, 3, Claim: 0.12f, Rate: 0.3f),
        new(DraftKind.NGram, 3, Claim: 0.6f, Rate: 0.45f),
    ];

    [Fact]
    public async Task Estimates_are_the_injected_rates_under_any_plan()
    {
        using var folder = new TemporaryFolder();
        var path = folder["scripted.gguf"];
        new ScriptedModel().Say("@", string.Concat(Enumerable.Range(100, ReplyTokens + 10))).Write(path, "");
        using var model = LlamaModel.Load(LlamaLibrary.Load(null, null), path, gpuLayers: 0, null, TestContext.Current.CancellationToken);
        using var harness = new EngineHarness(model);
        var prompt = harness.Tokenize("@");
        int[] text = [.. prompt, .. (await harness.Run(prompt, maxTokens: ReplyTokens)).Tokens];
        text.Length.ShouldBe(prompt.Length + ReplyTokens);

        Dictionary<string, float[]> learned = [];
        foreach (var name in new[] { "auto", "chain4", "tree8", "tree32" })
        {
            harness.Engine.Planner = harness.Engine.NewPlanner(CostMeasurement.Assumed);
            var random = new Random(3);
            var (proposals, rows, steps) = (0, 0, 0);
            while (proposals < Proposals)
            {
                var source = new InjectedSource(text, random);
                var (tokens, result) = await harness.Run(prompt, maxTokens: ReplyTokens, draftTokens: 31, source: source, plan: PpdPlan.Parse(name));
                tokens.ShouldBe(text[prompt.Length..]);
                (proposals, rows, steps) = (proposals + source.Proposals, rows + result.Statistics.Rows, steps + result.Statistics.Steps);
            }
            // a request to come knows what all before have taught
            var acceptance = harness.Engine.Planner.Begin(PpdPlan.Auto, null).Acceptance;
            learned[name] = [.. Guesses.Select(guess => acceptance.Probability(guess.Kind, guess.Depth, guess.Claim))];
            TestContext.Current.TestOutputHelper!.WriteLine($"{name,-7} {(double)rows / steps,5:0.0} rows: {string.Join(" ", learned[name].Select(rate => $"{rate:0.000}"))}");
        }
        TestContext.Current.TestOutputHelper!.WriteLine($"injected            {string.Join(" ", Guesses.Select(guess => $"{guess.Rate:0.000}"))}");
        for (var i = 0; i < Guesses.Length; i++)
        {
            foreach (var (name, rates) in learned) rates[i].ShouldBe(Guesses[i].Rate, Tolerance, $"{name}: {Guesses[i]}");
            (learned.Values.Max(rates => rates[i]) - learned.Values.Min(rates => rates[i])).ShouldBeLessThan(Agreement, Guesses[i].ToString());
        }
    }

    sealed record Injected(DraftKind Kind, int Depth, float Claim, float Rate);

    /// <summary>
    /// Guesses as prompt tokens do, two ranks at every node, and as n-grams do, one chain. At every place at most one guess is right, each as often as injected.
    /// </summary>
    sealed class InjectedSource(int[] text, Random random) : IDraftSource
    {
        int _observed;

        internal int Proposals { get; private set; }

        public void Observe(ReadOnlySpan<int> tokens) => _observed += tokens.Length;

        public void Propose(TokenTree candidates, int maxDepth)
        {
            if (maxDepth < 3) return;
            Proposals++;
            Add(candidates, 0, 1, isRight: true, Guesses.Where(guess => guess.Depth == 1));
        }

        void Add(TokenTree candidates, int parent, int depth, bool isRight, IEnumerable<Injected> guesses)
        {
            var (hit, at, wrong) = (random.NextSingle(), 0f, 0);
            foreach (var guess in guesses)
            {
                var right = isRight && hit >= at && hit < at + guess.Rate;
                at += guess.Rate;
                // single bytes are not in the script
                var node = candidates.Add(parent, right ? text[_observed + depth - 1] : wrong++, guess.Claim, guess.Kind);
                if (depth < 3) Add(candidates, node, depth + 1, right, Guesses.Where(next => next.Depth == depth + 1 && next.Kind == guess.Kind));
            }
        }
    }
}
