using static TorchSharp.torch;

namespace Ppd.Training.Model;

/// <summary>Keys and values of earlier positions, per layer [B, KeyValueHeads, T, HeadWidth]. Batches of one are shared by all rows of a later, larger batch.</summary>
sealed class Cache : IDisposable
{
    readonly List<(Tensor Keys, Tensor Values)> _layers;

    public Cache() : this([], grows: true) { }

    Cache(List<(Tensor, Tensor)> layers, bool grows) => (_layers, Grows) = (layers, grows);

    /// <summary>Whether a forward pass adds its own keys and values.</summary>
    public bool Grows { get; }

    /// <summary>Positions held.</summary>
    public long Length => _layers.Count == 0 ? 0 : _layers[0].Keys.shape[2];

    /// <summary>The same keys and values for rows that nothing later will attend to.</summary>
    public Cache ReadOnly() => new(_layers, grows: false);

    /// <summary>Puts the held positions before new ones.</summary>
    internal (Tensor Keys, Tensor Values) Extend(int layer, Tensor keys, Tensor values)
    {
        if (layer < _layers.Count)
        {
            var (oldKeys, oldValues) = _layers[layer];
            keys = cat([oldKeys, keys], 2);
            values = cat([oldValues, values], 2);
        }
        if (!Grows) return (keys, values);
        // a tensor that outlives the dispose scope of the pass that made it
        var kept = (keys.alias().DetachFromDisposeScope(), values.alias().DetachFromDisposeScope());
        if (layer == _layers.Count) _layers.Add(kept);
        else
        {
            Dispose(_layers[layer]);
            _layers[layer] = kept;
        }
        return (keys, values);
    }

    public void Dispose()
    {
        if (!Grows) return;     // another cache owns them
        _layers.ForEach(Dispose);
        _layers.Clear();
    }

    static void Dispose((Tensor Keys, Tensor Values) layer)
    {
        layer.Keys.Dispose();
        layer.Values.Dispose();
    }
}
