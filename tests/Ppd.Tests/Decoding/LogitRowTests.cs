using Ppd.Decoding;
using Ppd.Native;

namespace Ppd.Tests.Decoding;

public sealed class LogitRowTests
{
    // with and without a rest behind the last whole vector
    static readonly int[] Lengths = [1, 3, 8, 15, 16, 17, 64, 100, 1000, 32001];

    [Fact]
    public void The_largest_is_found_wherever_it_stands_and_the_first_among_equals()
    {
        foreach (var length in Lengths)
        {
            foreach (var at in new[] { 0, length / 2, length - 1 })
            {
                float[] logits = [.. Enumerable.Range(0, length).Select(i => -1f - i)];
                logits[at] = logits[^1] = 5;
                LogitRow.Max(logits).ShouldBe(5);
                LogitRow.IndexOfMax(logits).ShouldBe(at);
            }
        }
        LogitRow.IndexOfMax([float.NegativeInfinity, -3, float.NegativeInfinity]).ShouldBe(1);
        LogitRow.IndexOfMax([float.NegativeInfinity, float.NegativeInfinity]).ShouldBe(0);
    }

    [Fact]
    public void One_that_is_not_a_number_is_noticed_wherever_it_stands()
    {
        foreach (var length in Lengths)
        {
            foreach (var at in new[] { 0, length / 2, length - 1 })
            {
                var logits = new float[length];
                logits[at] = float.NaN;
                LogitRow.Max(logits).ShouldBe(float.NaN);
                LogitRow.IndexOfMax(logits).ShouldBe(-1);
                LogitRow.Top(logits, new TokenData[4]).ShouldBe(0);
            }
        }
    }

    [Fact]
    public void The_sum_of_exponentials_is_that_of_the_runtime()
    {
        var random = new Random(4);
        foreach (var length in Lengths)
        {
            foreach (var spread in new[] { 0f, 1, 20, 300 })
            {
                float[] logits = [.. Enumerable.Range(0, length).Select(_ => 7 - (spread * random.NextSingle()))];
                if (length > 2) logits[1] = float.NegativeInfinity;
                var most = logits.Max();
                var expected = logits.Sum(logit => Math.Exp((double)logit - most));
                ((double)LogitRow.SumOfExponentials(logits, most)).ShouldBe(expected, 1e-5 * expected, $"{length} logits spread over {spread}");
            }
        }
    }

    [Fact]
    public void Top_returns_the_largest_logits_in_order_and_earlier_tokens_first_among_equals()
    {
        var random = new Random(2);
        for (var round = 0; round < 100; round++)
        {
            var logits = Enumerable.Range(0, 1000).Select(_ => (float)random.Next(40)).ToArray();
            var top = new TokenData[random.Next(1, 100)];
            LogitRow.Top(logits, top).ShouldBe(top.Length);
            top.Select(t => t.Id).ShouldBe(logits.Select((logit, id) => (logit, id)).OrderByDescending(t => t.logit).ThenBy(t => t.id).Take(top.Length).Select(t => t.id));
        }
    }
}
