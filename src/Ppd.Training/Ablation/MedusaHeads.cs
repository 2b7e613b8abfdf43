using Ppd.Training.Data;
using Ppd.Training.Model;
using Ppd.Training.Prompts;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Ppd.Training.Ablation;

/// <summary>
/// The rival to compare with: one more output head per distance, a residual block and an output matrix of its own, on the hidden state of the last known
/// token. Trained on the same text with the same loss.
/// </summary>
sealed class MedusaHeads : IGuesser
{
    readonly Transformer _model;
    readonly List<Tensor> _blocks = [], _biases = [], _heads = [];

    public MedusaHeads(Transformer model, int count)
    {
        _model = model;
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var width = model.Config.Width;
        for (var i = 0; i < count; i++)
        {
            // starts as the model's own head: the block adds nothing yet
            _blocks.Add(zeros(width, width, device: model.Device));
            _biases.Add(zeros(width, device: model.Device));
            _heads.Add(model.Logits(eye(width, device: model.Device)).transpose(0, 1).contiguous());
        }
        foreach (var parameter in Parameters) parameter.requires_grad_(true).DetachFromDisposeScope();
    }

    public IReadOnlyList<Tensor> Parameters => [.. _blocks, .. _biases, .. _heads];

    public (Tensor Student, Tensor Teacher) Run(Batch batch)
    {
        using var scope = NewDisposeScope();
        var (hidden, teacher) = TextPass.Run(_model, batch, _heads.Count, cache: null);
        var guesses = Enumerable.Range(0, _heads.Count).Select(i => F.linear(hidden.Plus(F.silu(F.linear(hidden, _blocks[i], _biases[i]))), _heads[i]));
        return (stack([.. guesses], 2).MoveToOuterDisposeScope(), teacher.MoveToOuterDisposeScope());
    }

    public void Dispose()
    {
        foreach (var parameter in Parameters) parameter.Dispose();
    }
}
