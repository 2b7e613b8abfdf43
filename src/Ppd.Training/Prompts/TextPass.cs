using Ppd.Training.Data;
using Ppd.Training.Model;
using static TorchSharp.torch;

namespace Ppd.Training.Prompts;

/// <summary>The frozen model's own pass over a batch of text, without gradients.</summary>
static class TextPass
{
    /// <summary>Hidden states behind the points [B, R, Width], and the model's logits for the tokens that are guessed there [B, R, count, Vocabulary].</summary>
    /// <param name="model">Frozen.</param>
    /// <param name="batch">Text and points.</param>
    /// <param name="count">Guesses per point.</param>
    /// <param name="cache">Filled with keys and values; null where they are not needed.</param>
    public static (Tensor AtPoints, Tensor Teacher) Run(Transformer model, Batch batch, int count, Cache? cache)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var hidden = model.Forward(model.Embed(batch.Ids), batch.Positions, PromptMasks.Text(batch), cache);
        // guess k (from 1) is about the token that the model itself predicts k places further on
        var teacher = model.Logits(AtPlaces(hidden, batch.Behind(count, 0)));
        return (AtPlaces(hidden, batch.Points).MoveToOuterDisposeScope(), teacher.MoveToOuterDisposeScope());
    }

    // hidden [B, T, D] at places [B, ...] → [B, ..., D]
    static Tensor AtPlaces(Tensor hidden, Tensor places)
    {
        var width = hidden.shape[2];
        return hidden.gather(1, places.reshape(places.shape[0], -1, 1).expand(-1, -1, width)).reshape([.. places.shape, width]);
    }
}
