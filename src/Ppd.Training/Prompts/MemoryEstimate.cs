using Ppd.Training.Model;

namespace Ppd.Training.Prompts;

/// <summary>Memory of a training run in bytes, from shapes; libtorch's own overhead is in the fixed part.</summary>
/// <param name="Weights">All weights as F32.</param>
/// <param name="Text">The pass over the text: keys, values and one layer's intermediate results.</param>
/// <param name="Chains">The prompt rows, all layers kept for their gradients.</param>
/// <param name="Logits">Of guesses and teacher.</param>
sealed record MemoryEstimate(long Weights, long Text, long Chains, long Logits)
{
    const long Fixed = 400_000_000;

    public long Total => Fixed + Weights + Text + Chains + Logits;

    public static MemoryEstimate Of(TransformerConfig config, long weights, PromptTrainingOptions options)
    {
        long rows = (long)options.BatchRows * options.Points * options.Count * options.Ensemble, text = (long)options.BatchRows * options.Length;
        long keyValues = 2L * config.KeyValueHeads * config.HeadWidth;
        // with a mask the attention scores of all heads are kept for the gradient
        var scores = 3L * config.Heads * (options.Length + rows / options.BatchRows);
        return new MemoryEstimate(weights,
            sizeof(float) * text * (config.Layers * keyValues + 12L * config.Width + 3L * config.FeedForward + 2L * config.Heads * options.Length),
            // keys and values of the text are put before those of the chains and repeated per query head, layer by layer
            sizeof(float) * config.Layers * (rows * (20L * config.Width + 4L * config.FeedForward + scores) + 2L * text * (keyValues + 2L * config.Heads * config.HeadWidth)),
            // guesses, their log-softmax, the teacher's, a product and gradients
            sizeof(float) * 6L * (rows / options.Ensemble) * config.Vocabulary);
    }

    /// <exception cref="PpdException">There is less memory than that.</exception>
    public void Require(long available)
    {
        if (Total > available)
        {
            throw new PpdException(FormattableString.Invariant($"Training needs about {Total / 1e9:0.0} GB ({this}); {available / 1e9:0.0} GB are available. ") +
                "Lower --batch or --points, shorten --length, or train on a machine with more memory.");
        }
    }

    /// <summary>As in messages.</summary>
    public override string ToString() => FormattableString.Invariant(
        $"weights {Weights / 1e9:0.00}, text {Text / 1e9:0.00}, chains {Chains / 1e9:0.00}, logits {Logits / 1e9:0.00}, libtorch {Fixed / 1e9:0.00} GB");
}
