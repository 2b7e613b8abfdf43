using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Ppd.Training.Model;

/// <summary>
/// A decoder-only transformer as a function of its weights, which keep their GGUF names: frozen weights to train prompt tokens, weights that
/// require gradients to train the model itself. Owns the weights.
/// </summary>
sealed class Transformer : IDisposable
{
    readonly IReadOnlyDictionary<string, Tensor> _weights;
    readonly RotaryEmbedding? _rope;
    readonly Tensor _epsilon;       // a tensor, as a Scalar can be finalised while native code still reads it

    /// <param name="config">Shape.</param>
    /// <param name="weights">By GGUF tensor name, matrices as [out, in].</param>
    public Transformer(TransformerConfig config, IReadOnlyDictionary<string, Tensor> weights)
    {
        Config = config;
        _weights = weights;
        var device = weights["token_embd.weight"].device;
        _rope = config.IsGpt2 ? null : new RotaryEmbedding(config, weights.GetValueOrDefault("rope_freqs.weight"), device);
        _epsilon = tensor(config.NormEpsilon, device: device).DetachFromDisposeScope();
    }

    public TransformerConfig Config { get; }

    public Device Device => _epsilon.device;

    /// <summary>Rows of the token table: ids [B, T] → [B, T, Width].</summary>
    public Tensor Embed(Tensor ids) => Rows("token_embd.weight", ids);

    /// <summary>Hidden states after the final norm [B, T, Width].</summary>
    /// <param name="embeddings">[B, T, Width].</param>
    /// <param name="positions">int64, [T] or [B, T], below the context length.</param>
    /// <param name="mask">Added to the attention scores, [B or 1, 1, T, T of the cache + T]; null is causal.</param>
    /// <param name="past">Earlier positions; its keys and values come before the new ones.</param>
    public Tensor Forward(Tensor embeddings, Tensor positions, Tensor? mask = null, Cache? past = null)
    {
        using var scope = NewDisposeScope();
        var x = embeddings;
        if (Config.IsGpt2) x = x.Plus(Rows("position_embd.weight", positions));
        var turns = _rope?.At(positions);
        mask ??= CausalMask(embeddings.shape[1], past?.Length ?? 0);
        for (var layer = 0; layer < Config.Layers; layer++)
        {
            using var inner = NewDisposeScope();
            var block = $"blk.{layer}.";
            x = x.Plus(Attention(layer, Norm(x, block + "attn_norm"), turns, mask, past));
            x = x.Plus(FeedForward(block, Norm(x, block + "ffn_norm")));
            x.MoveToOuterDisposeScope();
        }
        return Norm(x, "output_norm").MoveToOuterDisposeScope();
    }

    /// <summary>[.., Width] → [.., Vocabulary]; the output matrix, or the token table where the model has none.</summary>
    public Tensor Logits(Tensor hidden) => F.linear(hidden, _weights.GetValueOrDefault("output.weight") ?? _weights["token_embd.weight"]);

    public void Dispose()
    {
        foreach (var weight in _weights.Values) weight.Dispose();
        _rope?.Dispose();
        _epsilon.Dispose();
    }

    Tensor Rows(string name, Tensor indices) => _weights[name].index_select(0, indices.reshape(-1)).reshape([.. indices.shape, Config.Width]);

    Tensor Attention(int layer, Tensor x, (Tensor Cos, Tensor Sin)? turns, Tensor? mask, Cache? past)
    {
        var block = $"blk.{layer}.";
        var (q, k, v) = QueryKeyValue(block, x);
        if (_weights.TryGetValue(block + "attn_q_norm.weight", out var queryNorm))
        {
            q = RmsNorm(q, queryNorm);
            k = RmsNorm(k, _weights[block + "attn_k_norm.weight"]);
        }
        if (turns is { } at)
        {
            q = _rope!.Apply(q, at);
            k = _rope.Apply(k, at);
        }
        if (past is not null) (k, v) = past.Extend(layer, k, v);
        var group = Config.Heads / Config.KeyValueHeads;
        if (group > 1)
        {
            k = k.repeat_interleave(group, 1);
            v = v.repeat_interleave(group, 1);
        }
        // [B, Heads, T, HeadWidth] → [B, T, Heads * HeadWidth]; the scale is 1 / √HeadWidth
        var attended = F.scaled_dot_product_attention(q, k, v, mask, is_casual: mask is null).transpose(1, 2).flatten(2);
        return Linear(attended, block + "attn_output");
    }

    (Tensor Query, Tensor Key, Tensor Value) QueryKeyValue(string block, Tensor x)
    {
        if (!_weights.ContainsKey(block + "attn_qkv.weight"))
            return (SplitHeads(Linear(x, block + "attn_q")), SplitHeads(Linear(x, block + "attn_k")), SplitHeads(Linear(x, block + "attn_v")));
        long query = Config.Heads * Config.HeadWidth, keyValue = Config.KeyValueHeads * Config.HeadWidth;
        var parts = Linear(x, block + "attn_qkv").split([query, keyValue, keyValue], -1);
        return (SplitHeads(parts[0]), SplitHeads(parts[1]), SplitHeads(parts[2]));
    }

    // [B, T, H * HeadWidth] → [B, H, T, HeadWidth]
    Tensor SplitHeads(Tensor x) => x.reshape(x.shape[0], x.shape[1], -1, Config.HeadWidth).transpose(1, 2);

    Tensor FeedForward(string block, Tensor x)
    {
        var up = Linear(x, block + "ffn_up");
        return Linear(Config.IsGpt2 ? F.gelu(up, TorchSharp.Modules.GELU.Approximate.tanh) : F.silu(Linear(x, block + "ffn_gate")) * up, block + "ffn_down");
    }

    Tensor Linear(Tensor x, string name) => F.linear(x, _weights[name + ".weight"], _weights.GetValueOrDefault(name + ".bias"));

    Tensor Norm(Tensor x, string name) => Config.IsGpt2
        ? F.layer_norm(x, [Config.Width], _weights[name + ".weight"], _weights[name + ".bias"], Config.NormEpsilon)
        : RmsNorm(x, _weights[name + ".weight"]);

    Tensor RmsNorm(Tensor x, Tensor weight) => x * rsqrt((x * x).mean([-1], keepdim: true).Plus(_epsilon)) * weight;

    // Null where torch's own causal mask is right: it aligns the first rows, so with a cache it would hide the wrong ones.
    Tensor? CausalMask(long rows, long past)
    {
        if (past == 0) return null;
        return full([rows, past + rows], float.NegativeInfinity, device: Device).triu(past + 1).reshape(1, 1, rows, past + rows);
    }
}
