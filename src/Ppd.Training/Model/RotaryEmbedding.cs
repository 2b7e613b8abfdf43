using static TorchSharp.torch;

namespace Ppd.Training.Model;

/// <summary>Rotary position embedding: each pair of elements of a head is turned by an angle proportional to the position.</summary>
sealed class RotaryEmbedding : IDisposable
{
    readonly bool _interleaved;
    readonly Tensor _cos, _sin;     // [ContextLength, HeadWidth / 2]

    /// <param name="config">Base, scale and pairing.</param>
    /// <param name="factors">Divisors of the frequencies [HeadWidth / 2], Llama 3's long-context scaling; null for none.</param>
    /// <param name="device">Where the weights are.</param>
    public RotaryEmbedding(TransformerConfig config, Tensor? factors, Device device)
    {
        using var scope = NewDisposeScope();
        _interleaved = config.InterleavedRope;
        var half = config.HeadWidth / 2;
        var frequencies = new double[half];
        for (var i = 0; i < half; i++) frequencies[i] = config.RopeScale * Math.Pow(config.RopeBase, -2.0 * i / config.HeadWidth);
        var frequency = tensor(frequencies, device: device);
        if (factors is not null) frequency = frequency / factors.to(float64);
        var angles = outer(arange(config.ContextLength, dtype: float64, device: device), frequency);
        _cos = angles.cos().to(float32).DetachFromDisposeScope();
        _sin = angles.sin().to(float32).DetachFromDisposeScope();
    }

    /// <summary>The rows for <paramref name="positions"/> [T] or [B, T], shaped to fit [B, H, T, HeadWidth / 2].</summary>
    public (Tensor Cos, Tensor Sin) At(Tensor positions)
    {
        var shape = positions.dim() == 1 ? new[] { 1, 1, positions.shape[0], -1 } : [positions.shape[0], 1, positions.shape[1], -1];
        var flat = positions.reshape(-1);
        return (_cos.index_select(0, flat).reshape(shape), _sin.index_select(0, flat).reshape(shape));
    }

    /// <summary>Turns x [B, H, T, HeadWidth].</summary>
    public Tensor Apply(Tensor x, (Tensor Cos, Tensor Sin) at)
    {
        var pairs = _interleaved ? x.reshape([.. x.shape[..^1], -1, 2]).unbind(x.dim()) : x.chunk(2, -1);
        var (a, b) = (pairs[0], pairs[1]);
        Tensor[] turned = [a * at.Cos - b * at.Sin, (a * at.Sin).Plus(b * at.Cos)];
        return _interleaved ? stack(turned, -1).flatten(x.dim() - 1) : cat(turned, -1);
    }

    public void Dispose()
    {
        _cos.Dispose();
        _sin.Dispose();
    }
}
