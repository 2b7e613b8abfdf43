using Ppd.Drafting;
using Ppd.Training.Model;
using static TorchSharp.torch;

namespace Ppd.Training.Demo.Exam;

/// <summary>How often prompt tokens guess what the model then says, over its own replies.</summary>
sealed class PromptTokenExam(Transformer model, Tensor rows)
{
    public const int Ranks = 10;
    static readonly float[] Edges = [0, 0.01f, 0.02f, 0.05f, 0.1f, 0.2f, 0.35f, 0.5f, 0.65f, 0.8f, 0.9f, 0.95f, 0.98f, 1];

    readonly int _count = (int)rows.shape[0];
    readonly int[,] _hits = new int[rows.shape[0], Ranks];
    readonly int[] _asked = new int[rows.shape[0]];
    readonly int[,] _guesses = new int[rows.shape[0], Edges.Length - 1];
    readonly int[,] _right = new int[rows.shape[0], Edges.Length - 1];

    /// <summary>[distance][rank] share of the guesses that came true.</summary>
    public float[][] Accuracy => [.. Enumerable.Range(0, _count).Select(d => Enumerable.Range(0, Ranks).Select(r => _hits[d, r] / (float)Math.Max(1, _asked[d])).ToArray())];

    public CalibrationCurve[] Calibration => [.. Enumerable.Range(0, _count).Select(d => new CalibrationCurve(Edges, [.. Enumerable.Range(0, Edges.Length - 1).Select(bin =>
        _guesses[d, bin] > 0 ? _right[d, bin] / (float)_guesses[d, bin] : (Edges[bin] + Edges[bin + 1]) / 2)]))];

    /// <summary>Asks at every token of the reply and at the last of the prompt.</summary>
    public void Ask(Transcript transcript)
    {
        int[] tokens = [.. transcript.Prompt, .. transcript.Reply];
        // the last token of the reply has no successor, and neither has what hangs under its predecessor
        var (first, groups) = (transcript.Prompt.Length - 1, transcript.Reply.Length - 1);
        if (groups <= 0) return;
        using var context = no_grad();
        using var scope = NewDisposeScope();
        var (positions, mask) = Layout(tokens.Length, first, groups);
        var embeddings = cat([model.Embed(tensor(Array.ConvertAll(tokens, id => (long)id)).unsqueeze(0)), rows.repeat(groups, 1).unsqueeze(0)], 1);
        var hidden = model.Forward(embeddings, positions, mask).narrow(1, tokens.Length, groups * _count);
        var (probabilities, ids) = model.Logits(hidden).squeeze(0).softmax(-1).topk(Ranks);
        var (p, id) = (probabilities.data<float>().ToArray(), ids.data<long>().ToArray());
        for (var row = 0; row < groups * _count; row++)
        {
            var (under, distance) = (first + row / _count, row % _count);
            if (under + 2 + distance < tokens.Length) Count(distance, tokens[under + 2 + distance], p.AsSpan(row * Ranks, Ranks), id.AsSpan(row * Ranks, Ranks));
        }
    }

    void Count(int distance, int target, ReadOnlySpan<float> probabilities, ReadOnlySpan<long> ids)
    {
        _asked[distance]++;
        for (var rank = 0; rank < Ranks; rank++)
        {
            var bin = Bin(probabilities[rank]);
            _guesses[distance, bin]++;
            if (ids[rank] != target) continue;
            _hits[distance, rank]++;
            _right[distance, bin]++;
        }
    }

    static int Bin(float probability) => Math.Clamp(Array.FindLastIndex(Edges, edge => edge <= probability), 0, Edges.Length - 2);

    // The text, then under each of its tokens from `first` on one chain of prompt tokens.
    (Tensor Positions, Tensor Mask) Layout(int text, int first, int groups)
    {
        var columns = text + groups * _count;
        var positions = new long[columns];
        var mask = new float[columns * columns];
        Array.Fill(mask, float.NegativeInfinity);
        for (var column = 0; column < columns; column++)
        {
            var (group, member) = ((column - text) / _count, (column - text) % _count);
            var under = column < text ? column : first + group;
            mask.AsSpan(column * columns, under + 1).Clear();
            positions[column] = column < text ? column : under + 1 + member;
            if (column >= text) mask.AsSpan(column * columns + text + group * _count, member + 1).Clear();
        }
        return (tensor(positions), tensor(mask).reshape(1, 1, columns, columns));
    }
}
