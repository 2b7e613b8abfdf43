using Ppd.Drafting;
using Ppd.Training.Data;
using static TorchSharp.torch;

namespace Ppd.Training.Prompts;

/// <summary>Measures guesses against the model's greedy continuations.</summary>
sealed class Evaluation
{
    public const int Ranks = 10;

    readonly List<(PackedRow Row, int[] Points)> _texts;
    readonly int _count;
    readonly int _rowsPerPass;

    /// <param name="texts">Held-out.</param>
    /// <param name="length">Tokens of a row.</param>
    /// <param name="count">Prompt tokens.</param>
    /// <param name="rowsPerPass">Bounds the memory of a pass.</param>
    public Evaluation(IEnumerable<Continuation> texts, int length, int count, int rowsPerPass)
    {
        _count = count;
        _rowsPerPass = rowsPerPass;
        _texts = [.. texts.Where(text => text.Tokens.Length <= length && text.Points(count).Length > 0)
            .Select(text => (PackedText.Pack([text.Tokens], length, count)[0], text.Points(count)))];
    }

    /// <param name="guesses">Logits of a batch's guesses, [B, R, count, Vocabulary].</param>
    /// <param name="device">Where batches go.</param>
    public (HitRates Hits, CalibrationCurve[] Calibration) Measure(Func<Batch, Tensor> guesses, Device device)
    {
        var hits = new int[_count, Ranks];
        var calibration = new CalibrationCounter(_count);
        var points = 0;
        foreach (var group in _texts.Chunk(_rowsPerPass))
        {
            using var scope = NewDisposeScope();
            using var frozen = no_grad();
            // every row gets as many points as the longest; surplus ones repeat the first and are not counted
            var most = group.Max(text => text.Points.Length);
            var batch = Batch.Of([.. group.Select(text => text.Row)],
                [.. group.Select(text => Enumerable.Range(0, most).Select(i => text.Points[i < text.Points.Length ? i : 0]).ToArray())], device);
            var (probabilities, ids) = nn.functional.softmax(guesses(batch), -1).topk(Ranks, -1);
            var probability = PromptParameters.Floats(probabilities);
            var id = ids.cpu().data<long>().ToArray();
            for (var row = 0; row < group.Length; row++)
                for (var r = 0; r < group[row].Points.Length; r++)
                    for (var k = 0; k < _count; k++)
                    {
                        var token = group[row].Row.Ids[group[row].Points[r] + 2 + k];
                        var at = ((row * most + r) * _count + k) * Ranks;
                        for (var rank = 0; rank < Ranks; rank++)
                        {
                            var hit = id[at + rank] == token;
                            if (hit) hits[k, rank]++;
                            calibration.Add(k, probability[at + rank], hit);
                        }
                    }
            points += group.Sum(text => text.Points.Length);
        }
        if (points == 0) throw new PpdException("No held-out continuation is long enough to measure guesses on; give more text.");
        var rates = Enumerable.Range(0, _count).Select(k => Enumerable.Range(0, Ranks).Select(rank => hits[k, rank] / (float)points).ToArray()).ToArray();
        return (new HitRates(rates, points), calibration.Curves());
    }
}
