using Ppd.Drafting;
using Ppd.Training.Data;
using Ppd.Training.Model;
using static TorchSharp.torch;

namespace Ppd.Training.Prompts;

/// <summary>
/// One pass over the text without gradients, its keys and values kept; then many chains of prompt tokens at once, each seeing the text up to its point.
/// Gradients flow through the prompt rows only.
/// </summary>
sealed class PackedForward : IGuesser
{
    readonly Transformer _model;
    readonly PromptParameters _prompts;
    readonly Tensor _chain;

    /// <summary>Takes over the prompts.</summary>
    public PackedForward(Transformer model, PromptParameters prompts, PromptTokenMask mask)
    {
        (_model, _prompts) = (model, prompts);
        var chain = PromptMasks.Chain(mask, prompts.Count, prompts.Ensemble);
        var size = chain.GetLength(0);
        _chain = tensor(chain.Cast<bool>().ToArray()).reshape(size, size).to(model.Device).DetachFromDisposeScope();
    }

    public IReadOnlyList<Tensor> Parameters => _prompts.All;

    public (Tensor Student, Tensor Teacher) Run(Batch batch)
    {
        using var scope = NewDisposeScope();
        using var cache = new Cache();
        var teacher = TextPass.Run(_model, batch, _prompts.Count, cache).Teacher;
        var student = _model.Logits(Chains(batch, cache));
        return (student.MoveToOuterDisposeScope(), teacher.MoveToOuterDisposeScope());
    }

    /// <summary>Hidden states of the chains, averaged over ensemble members: as the head is linear, its logits are the members' mean.</summary>
    Tensor Chains(Batch batch, Cache cache)
    {
        var mask = PromptMasks.Prompts(batch, _chain);
        var hidden = _model.Forward(_prompts.Embeddings(_model, batch), _prompts.Positions(batch), mask, cache.ReadOnly());
        hidden = hidden.reshape(batch.Rows, batch.PointsPerRow, _prompts.Count, _prompts.Ensemble, -1);
        return _prompts.Ensemble == 1 ? hidden.squeeze(3) : hidden.mean([3]);
    }

    public void Dispose()
    {
        _chain.Dispose();
        _prompts.Dispose();
    }
}
