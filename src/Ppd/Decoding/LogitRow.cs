using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Ppd.Native;

namespace Ppd.Decoding;

/// <summary>
/// Passes over a row of logits [vocabulary]. They are compiled at full optimisation the first time: a general library's vector code runs unoptimised until it has been called often enough, which on a small
/// model makes the first replies take several times as long.
/// </summary>
static class LogitRow
{
    const MethodImplOptions Now = MethodImplOptions.AggressiveOptimization;

    /// <summary>Index of the largest logit, the first among equals; -1 if one is not a number.</summary>
    [MethodImpl(Now)]
    internal static int IndexOfMax(ReadOnlySpan<float> logits)
    {
        var best = Max(logits);
        return float.IsNaN(best) ? -1 : logits.IndexOf(best);
    }

    /// <summary>The largest logit; NaN if one is not a number.</summary>
    [MethodImpl(Now)]
    internal static float Max(ReadOnlySpan<float> logits)
    {
        var vectors = MemoryMarshal.Cast<float, Vector<float>>(logits);
        var best = float.NegativeInfinity;
        if (vectors.Length > 0)
        {
            var (most, numbers) = (vectors[0], Vector.Equals(vectors[0], vectors[0]));
            for (var i = 1; i < vectors.Length; i++)
            {
                most = Vector.MaxNative(most, vectors[i]);
                numbers &= Vector.Equals(vectors[i], vectors[i]);
            }
            if (numbers != Vector<int>.AllBitsSet) return float.NaN;
            for (var i = 0; i < Vector<float>.Count; i++) best = MathF.Max(best, most[i]);
        }
        for (var i = vectors.Length * Vector<float>.Count; i < logits.Length; i++) best = MathF.Max(best, logits[i]);
        return best;
    }

    /// <summary>Sum of exp(logit − <paramref name="most"/>), <paramref name="most"/> being the largest logit; relative error below 1e-5.</summary>
    [MethodImpl(Now)]
    internal static float SumOfExponentials(ReadOnlySpan<float> logits, float most)
    {
        const float Log2E = 1.44269504f;
        const int MantissaBits = 23, ExponentBias = 127;
        var vectors = MemoryMarshal.Cast<float, Vector<float>>(logits);
        var (sums, shift, least) = (Vector<float>.Zero, new Vector<float>(most), new Vector<float>(1 - ExponentBias));
        foreach (var logit in vectors)
        {
            // 2^x = 2^n · 2^(1/2 + g): n goes into the exponent's bits, and for g in [−1/2, 1/2) six terms of the series √2 · Σ (g ln 2)^k / k! are enough
            var x = Vector.MaxNative((logit - shift) * Log2E, least);
            var n = Vector.Floor(x);
            var g = x - n - new Vector<float>(0.5f);
            var power = (((((((((((new Vector<float>(2.17838816e-4f) * g) + new Vector<float>(1.88564988e-3f)) * g) + new Vector<float>(1.36020886e-2f)) * g)
                + new Vector<float>(7.84946632e-2f)) * g) + new Vector<float>(0.339731584f)) * g) + new Vector<float>(0.980258143f)) * g) + new Vector<float>(1.41421356f);
            var scale = Vector.AsVectorSingle(Vector.ShiftLeft(Vector.ConvertToInt32(n) + new Vector<int>(ExponentBias), MantissaBits));
            sums += power * scale;
        }
        var sum = Vector.Sum(sums);
        for (var i = vectors.Length * Vector<float>.Count; i < logits.Length; i++) sum += MathF.Exp(logits[i] - most);
        return sum;
    }

    /// <summary>The largest logits in descending order, earlier tokens first among equals; returns how many, 0 if one is not a number.</summary>
    [MethodImpl(Now)]
    internal static int Top(ReadOnlySpan<float> logits, Span<TokenData> top)
    {
        const int Block = 64;
        var count = 0;
        var threshold = float.NegativeInfinity;
        for (var start = 0; start < logits.Length; start += Block)
        {
            var block = logits.Slice(start, Math.Min(Block, logits.Length - start));
            // most blocks of a large vocabulary hold nothing better than what is already kept
            var best = Max(block);
            if (float.IsNaN(best)) return 0;
            if (count == top.Length && best <= threshold) continue;
            for (var i = 0; i < block.Length; i++)
            {
                if (count == top.Length && block[i] <= threshold) continue;
                var at = count < top.Length ? count++ : count - 1;
                for (; at > 0 && top[at - 1].Logit < block[i]; at--) top[at] = top[at - 1];
                top[at] = new TokenData { Id = start + i, Logit = block[i] };
                if (count == top.Length) threshold = top[count - 1].Logit;
            }
        }
        return count;
    }

    /// <summary>The largest logits of some tokens, given in ascending order, ordered in the same way; they must be numbers.</summary>
    [MethodImpl(Now)]
    internal static int Top(ReadOnlySpan<float> logits, ReadOnlySpan<int> tokens, Span<TokenData> top)
    {
        var count = 0;
        foreach (var token in tokens)
        {
            var logit = logits[token];
            if (count == top.Length && logit <= top[count - 1].Logit) continue;
            var at = count < top.Length ? count++ : count - 1;
            for (; at > 0 && top[at - 1].Logit < logit; at--) top[at] = top[at - 1];
            top[at] = new TokenData { Id = token, Logit = logit };
        }
        return count;
    }
}
