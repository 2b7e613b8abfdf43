using Ppd.Drafting;
using Ppd.Training.Data;
using Ppd.Training.Model;
using static TorchSharp.torch;

namespace Ppd.Training.Prompts;

/// <summary>
/// One pass over the text without gradients, its keys and values kept; then many chains of prompt tokens at once, each seeing the text up to its point.
/// Gradients flow through the prompt rows only.
/// </summary>
sealed class PackedForward : IDisposable
{
    readonly Transformer _model;
    readonly PromptParameters _prompts;
    readonly Tensor _chain;

    public PackedForward(Transformer model, PromptParameters prompts, PromptTokenMask mask)
    {
        (_model, _prompts) = (model, prompts);
        var chain = PromptMasks.Chain(mask, prompts.Count, prompts.Ensemble);
        var size = chain.GetLength(0);
        _chain = tensor(chain.Cast<bool>().ToArray()).reshape(size, size).to(model.Device).DetachFromDisposeScope();
    }

    /// <summary>Logits of the guesses [B, R, count, Vocabulary] and those of the model at the same places, without gradient.</summary>
    public (Tensor Student, Tensor Teacher) Run(Batch batch)
    {
        using var scope = NewDisposeScope();
        using var cache = new Cache();
        Tensor hidden, teacher;
        using (no_grad())
        {
            hidden = _model.Forward(_model.Embed(batch.Ids), batch.Positions, PromptMasks.Text(batch), cache);
            // prompt token k (from 1) guesses what the model itself predicts k places further on
            teacher = _model.Logits(AtPlaces(hidden, batch.Behind(_prompts.Count, 0)));
        }
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

    public void Dispose() => _chain.Dispose();

    // hidden [B, T, D] at places [B, R, m] → [B, R, m, D]
    static Tensor AtPlaces(Tensor hidden, Tensor places)
    {
        var width = hidden.shape[2];
        var flat = places.reshape(places.shape[0], -1, 1).expand(-1, -1, width);
        return hidden.gather(1, flat).reshape([.. places.shape, width]);
    }
}
