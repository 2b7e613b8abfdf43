using Ppd.Decoding;
using Ppd.Native;

namespace Ppd.Cli.Bench;

/// <summary>
/// Tells whether two replies may differ. Rows of a pass are summed in another order than a single row, so logits have noise; where the plain choice hangs on less than
/// that, another token is as right. The noise is measured: the same tokens one by one and in passes of several rows. A divergence is a near-tie if such noise, added to
/// the plain logits there, makes the same sampler draw the other token.
/// </summary>
sealed class NearTie : IDisposable
{
    const int BatchRows = 64;
    const int LeastCompared = 16;       // rows in which noise is looked for, where the reply is shorter
    static readonly int[] Sizes = [2, 5, 8, 13, 64];

    readonly LlamaModel _model;
    readonly SamplingSettings _sampling;
    readonly LlamaContext _context;
    readonly LlamaBatch _batch;

    /// <param name="model">The model.</param>
    /// <param name="sampling">How tokens were drawn.</param>
    /// <param name="longest">Most tokens of a prompt and its reply.</param>
    /// <param name="threads">Threads of the CPU backend.</param>
    /// <param name="flashAttention">As the replies were made.</param>
    internal NearTie(LlamaModel model, SamplingSettings sampling, int longest, int threads, bool flashAttention)
    {
        (_model, _sampling) = (model, sampling);
        _context = LlamaContext.Create(model, new ContextSettings(longest + BatchRows, BatchRows, BatchRows, Sequences: 1, threads, flashAttention));
        _batch = new LlamaBatch(BatchRows, model.EmbeddingLength);
    }

    /// <param name="prompt">The prompt.</param>
    /// <param name="plain">The plain reply.</param>
    /// <param name="divergence">Where the other reply left it.</param>
    internal bool Excuses(int[] prompt, int[] plain, Divergence divergence)
    {
        var draws = plain[..divergence.At];
        int[] text = [.. prompt, .. draws];
        var (logits, noise) = Look(text, from: Math.Max(0, Math.Min(prompt.Length, text.Length - LeastCompared)));
        // the token that ends a reply is drawn but not part of it: the likeliest of them
        var wanted = divergence.Token ?? Enumerable.Range(0, logits.Length).Where(_model.Vocabulary.EndsGeneration).DefaultIfEmpty(-1).MaxBy(token => token < 0 ? 0 : logits[token]);
        // a peer with another model may have any number there
        return wanted >= 0 && wanted < logits.Length && Shifted(logits, noise, wanted).Any(row => Draw(prompt, draws, row) == wanted);
    }

    public void Dispose()
    {
        _batch.Dispose();
        _context.Dispose();
    }

    // Logits after the text, and the largest difference that the size of the passes makes to any logit from a position on.
    (float[] Logits, float Noise) Look(int[] text, int from)
    {
        _context.ClearCells();
        Decode(text, 0, from, BatchRows, wantsLogits: false);
        var single = Decode(text, from, text.Length, rows: 1, wantsLogits: true);
        var noise = 0f;
        foreach (var rows in Sizes)
        {
            _context.RemoveCells(0, from);
            foreach (var (alone, together) in single.Zip(Decode(text, from, text.Length, rows, wantsLogits: true)))
                for (var token = 0; token < alone.Length; token++) noise = Math.Max(noise, Math.Abs(alone[token] - together[token]));
        }
        return (single[^1], noise);
    }

    List<float[]> Decode(int[] text, int from, int to, int rows, bool wantsLogits)
    {
        List<float[]> logits = [];
        for (var start = from; start < to; start += rows)
        {
            _batch.Clear();
            for (var i = start; i < Math.Min(start + rows, to); i++) _batch.AddToken(text[i], i, [0], wantsLogits);
            _context.Decode(_batch);
            for (var row = 0; wantsLogits && row < _batch.Count; row++) logits.Add(_context.Logits(row).ToArray());
        }
        return logits;
    }

    // A draw compares a random number with sums of probabilities in the order of the candidates, which is by logit or by id: moving all on one side of the wanted token
    // one way and the rest the other way is the most that noise can do to it.
    static IEnumerable<float[]> Shifted(float[] logits, float noise, int wanted)
    {
        var limit = logits[wanted];
        foreach (var shift in new[] { noise, -noise })
        {
            yield return [.. logits.Select(logit => logit > limit ? logit - shift : logit + shift)];
            yield return [.. logits.Select(logit => logit >= limit ? logit - shift : logit + shift)];
            yield return [.. logits.Select((logit, id) => id < wanted ? logit - shift : logit + shift)];
            yield return [.. logits.Select((logit, id) => id <= wanted ? logit - shift : logit + shift)];
        }
    }

    int Draw(int[] prompt, int[] draws, float[] logits)
    {
        using var sampler = new TokenSampler(_model, _sampling);
        sampler.AcceptPrompt(prompt);
        // one draw per token brings the random numbers to where the plain reply had them
        foreach (var token in draws) sampler.Sample(Certain(token, logits.Length));
        return sampler.Sample(logits);
    }

    static float[] Certain(int token, int vocabulary)
    {
        var logits = new float[vocabulary];
        Array.Fill(logits, -1e4f);
        logits[token] = 1e4f;
        return logits;
    }
}
