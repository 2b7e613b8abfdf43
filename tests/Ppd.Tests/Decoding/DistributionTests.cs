using Ppd.Decoding;

namespace Ppd.Tests.Decoding;

/// <summary>Tree decoding draws from the distribution of plain decoding: same prompt, independent seeds, counts compared by chi-square.</summary>
public sealed class DistributionTests
{
    const int Requests = 5000;
    const int TokensPerRequest = 4;     // 20,000 samples per arm

    [Fact]
    public async Task Plain_and_tree_decoding_draw_from_the_same_distribution()
    {
        using var harness = new EngineHarness("random", contextLength: 64);
        int[] prompt = [300, 310, 320, 330];
        // eight candidates per position keep the tables small enough for every expected count to be large
        SamplingSettings Sampling(int seed) => new(Temperature: 1.2f, TopK: 8, TopP: 1, MinP: 0, Seed: (uint)seed);
        var favourite = (await harness.Run(prompt, SamplingSettings.Greedy, TokensPerRequest)).Tokens;

        var plain = await Sample(harness, prompt, i => Sampling(i), _ => null);
        var tree = await Sample(harness, prompt, i => Sampling(Requests + i), i => new OracleSource([.. prompt, .. favourite], harness.Model.Vocabulary.Count, i));
        var again = await Sample(harness, prompt, i => Sampling(2 * Requests + i) with { Temperature = 0.9f }, _ => null);

        for (var position = 0; position < TokensPerRequest; position++)
        {
            var (statistic, freedom) = ChiSquare(plain, tree, position);
            TestContext.Current.TestOutputHelper!.WriteLine($"position {position}: chi-square {statistic:0.0} with {freedom} degrees of freedom");
            freedom.ShouldBeGreaterThan(3);
            statistic.ShouldBeLessThan(Critical(freedom));
        }
        // the test notices a slightly different distribution
        var (different, degrees) = ChiSquare(plain, again, 0);
        different.ShouldBeGreaterThan(Critical(degrees));
    }

    static async Task<List<List<int>>> Sample(EngineHarness harness, int[] prompt, Func<int, SamplingSettings> sampling, Func<int, OracleSource?> source)
    {
        List<List<int>> replies = [];
        for (var start = 0; start < Requests; start += 4)
            replies.AddRange((await Task.WhenAll(Enumerable.Range(start, 4).Select(i => harness.Run(prompt, sampling(i), TokensPerRequest, source(i) is null ? 0 : 3, source(i)))))
                .Select(r => r.Tokens));
        return replies;
    }

    // Two-sample chi-square over the tokens at one position; cells with fewer than ten expected counts are pooled.
    static (double Statistic, int Freedom) ChiSquare(List<List<int>> a, List<List<int>> b, int position)
    {
        var counts = new Dictionary<int, (int A, int B)>();
        foreach (var reply in a) Count(reply, 1, 0);
        foreach (var reply in b) Count(reply, 0, 1);
        void Count(List<int> reply, int inA, int inB)
        {
            var token = position < reply.Count ? reply[position] : -1;
            var (countA, countB) = counts.GetValueOrDefault(token);
            counts[token] = (countA + inA, countB + inB);
        }
        var cells = counts.Values.Where(c => c.A + c.B >= 20).ToList();
        var rest = counts.Values.Where(c => c.A + c.B < 20).Aggregate((A: 0, B: 0), (sum, c) => (sum.A + c.A, sum.B + c.B));
        if (rest.A + rest.B >= 20) cells.Add(rest);
        return (cells.Sum(c => Math.Pow(c.A - c.B, 2) / (c.A + c.B)), cells.Count - 1);
    }

    // 99.9 % quantile by Wilson and Hilferty's cube-root approximation
    static double Critical(int freedom) => freedom * Math.Pow(1 - 2.0 / (9 * freedom) + 3.09 * Math.Sqrt(2.0 / (9 * freedom)), 3);
}
