using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Ppd.Training.Prompts;

/// <summary>What training minimises.</summary>
enum PromptLossKind
{
    /// <summary>KL divergence from the model's own prediction, distances weighted 1, 0.8, 0.64, …</summary>
    Kl,
    /// <summary>Cross-entropy with the token that follows in the text, the same weights.</summary>
    Ce,
    /// <summary>KL divergence, each distance weighted by how often the distances before it have the token among their ten best.</summary>
    Reach,
}

/// <summary>Loss of guesses [B, R, count, Vocabulary].</summary>
static class PromptLoss
{
    const float Decay = 0.8f;
    const int Ranks = 10;

    /// <param name="kind">Which one.</param>
    /// <param name="student">Logits of the guesses.</param>
    /// <param name="teacher">Logits of the model at the same places, without gradient.</param>
    /// <param name="tokens">The tokens that follow in the text, int64 [B, R, count].</param>
    /// <returns>A scalar: mean over distances and points.</returns>
    public static Tensor Of(PromptLossKind kind, Tensor student, Tensor teacher, Tensor tokens)
    {
        using var scope = NewDisposeScope();
        var guess = F.log_softmax(student, -1);
        Tensor each;        // [B, R, count]
        if (kind == PromptLossKind.Ce) each = guess.gather(-1, tokens.unsqueeze(-1)).squeeze(-1).neg();
        else
        {
            var truth = F.log_softmax(teacher, -1);
            each = (truth.exp() * (truth - guess)).sum(-1);
        }
        var weights = kind == PromptLossKind.Reach ? Reach(student, tokens) : Decaying(student);
        return (each.mean([0, 1]) * weights).mean().MoveToOuterDisposeScope();
    }

    static Tensor Decaying(Tensor student) =>
        tensor(Enumerable.Range(0, (int)student.shape[2]).Select(i => MathF.Pow(Decay, i)).ToArray(), device: student.device);

    // The first distance always counts fully.
    static Tensor Reach(Tensor student, Tensor tokens)
    {
        using var frozen = no_grad();
        var hits = (student.topk(Ranks, -1).indexes == tokens.unsqueeze(-1)).any(-1).to(float32).mean([0, 1]);
        return cat([ones(1, device: hits.device), hits.cumprod(0)[..^1]], 0);
    }
}
