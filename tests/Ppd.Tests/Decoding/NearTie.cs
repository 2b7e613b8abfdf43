using Ppd.Decoding;
using Ppd.Native;

namespace Ppd.Tests.Decoding;

/// <summary>
/// The near-tie rule of architecture.md section 4: rows of a batch are summed in another order than a single row, so two runs may part where the plain run's choice
/// hangs on less than that noise. A divergence is excused only if noise of the measured size, added to the plain run's own logits there, makes the same sampler
/// draw the other token.
/// </summary>
static class NearTie
{
    static readonly int[] BatchSizes = [2, 5, 8, 13, 64];

    internal static bool Excuses(LlamaModel model, GgmlType cache, int[] prompt, SamplingSettings sampling, IReadOnlyList<int> plain, IReadOnlyList<int> other, int divergence)
    {
        int[] text = [.. prompt, .. plain];
        using var single = new ReferenceDecoder(model, cache: cache);
        var logits = text.Select(single.Next).ToList();
        var noise = BatchSizes.Max(rows => Noise(model, cache, text, rows, logits));
        // the token that ends a reply is drawn but not part of it
        int Drawn(IReadOnlyList<int> reply) => divergence < reply.Count ? reply[divergence] : model.Vocabulary.EndOfText;
        var (drawn, wanted) = (Drawn(plain), Drawn(other));
        return Perturbations(logits[prompt.Length + divergence - 1], noise, wanted).Any(row =>
        {
            using var sampler = new TokenSampler(model, sampling);
            sampler.AcceptPrompt(prompt);
            // one draw per token brings the random numbers and the penalties to where the plain run had them
            for (var i = 0; i < divergence; i++) sampler.Sample(Certain(plain[i], model.Vocabulary.Count)).ShouldBe(plain[i]);
            var moved = sampler.Sample(row);
            // Without top-k the candidates stand in the order of their ids and thousands of them have next to no probability: the draw moves through all of
            // them as the noise grows, so what lies between is reached by a part of it.
            return moved == wanted || (sampling.TopK == 0 && wanted > Math.Min(drawn, moved) && wanted < Math.Max(drawn, moved));
        });
    }

    // Largest logit difference between decoding this text one by one and in batches of some rows.
    static float Noise(LlamaModel model, GgmlType cache, int[] text, int rows, List<float[]> single)
    {
        using var decoder = new ReferenceDecoder(model, cache: cache);
        var worst = 0f;
        foreach (var (batched, alone) in decoder.FeedBatched(text, rows).Zip(single))
            for (var token = 0; token < alone.Length; token++) worst = Math.Max(worst, Math.Abs(alone[token] - batched[token]));
        return worst;
    }

    // A draw compares a random number with sums of probabilities in candidate order (by id, or by logit): shifting everything before the wanted token one way
    // and everything after it the other way is the most that noise can do to it.
    static IEnumerable<float[]> Perturbations(float[] logits, float noise, int wanted)
    {
        foreach (var sign in new[] { 1, -1 })
        {
            yield return [.. logits.Select((l, id) => l + sign * noise * (id < wanted ? 1 : -1))];
            yield return [.. logits.Select((l, id) => l + sign * noise * (id <= wanted ? 1 : -1))];
            yield return [.. logits.Select(l => l + sign * noise * (l > logits[wanted] ? 1 : -1))];
            yield return [.. logits.Select(l => l + sign * noise * (l >= logits[wanted] ? 1 : -1))];
        }
        var random = new Random(1);
        for (var trial = 0; trial < 32; trial++) yield return [.. logits.Select(l => l + noise * (2 * random.NextSingle() - 1))];
    }

    static float[] Certain(int token, int vocabulary)
    {
        var logits = new float[vocabulary];
        Array.Fill(logits, -1e4f);
        logits[token] = 1e4f;
        return logits;
    }
}
