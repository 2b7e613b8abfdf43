using Ppd.Training.Model;
using static TorchSharp.torch;

namespace Ppd.Training.Demo.Training;

/// <summary>Shape and first weights of the demo model.</summary>
static class DemoModel
{
    /// <summary>Prompt tokens that are trained with it.</summary>
    public const int PromptTokens = 3;

    public const int Vocabulary = 1536;

    /// <summary>Name of the prompt tokens [count, width] among the weights; no GGUF model has such a tensor.</summary>
    public const string PromptTokenName = "ppd.prompt_tokens";

    const double Deviation = 0.02;

    public static TransformerConfig Config(int vocabulary) => new(
        "llama", Layers: 5, Width: 256, Heads: 4, KeyValueHeads: 4, HeadWidth: 64, FeedForward: 640, vocabulary, ContextLength: 1024, NormEpsilon: 1e-5f);

    /// <summary>Random weights under their GGUF names, and prompt tokens; all require gradients.</summary>
    public static Dictionary<string, Tensor> Initialise(TransformerConfig config, int seed)
    {
        using var generator = new Generator((ulong)seed);
        Dictionary<string, Tensor> weights = [];
        int width = config.Width, keyValue = config.KeyValueHeads * config.HeadWidth;
        // matrices that write into the residual stream start smaller the more of them there are
        var residual = Deviation / Math.Sqrt(2 * config.Layers);
        Matrix("token_embd.weight", config.Vocabulary, width, Deviation);
        Norm("output_norm.weight");
        for (var layer = 0; layer < config.Layers; layer++)
        {
            var block = $"blk.{layer}.";
            Norm(block + "attn_norm.weight");
            Matrix(block + "attn_q.weight", width, width, 2 * Deviation);
            Matrix(block + "attn_k.weight", keyValue, width, 2 * Deviation);
            Matrix(block + "attn_v.weight", keyValue, width, 2 * Deviation);
            Matrix(block + "attn_output.weight", width, width, residual);
            Norm(block + "ffn_norm.weight");
            Matrix(block + "ffn_gate.weight", config.FeedForward, width, 2 * Deviation);
            Matrix(block + "ffn_up.weight", config.FeedForward, width, 2 * Deviation);
            Matrix(block + "ffn_down.weight", width, config.FeedForward, residual);
        }
        Matrix(PromptTokenName, PromptTokens, width, Deviation);
        return weights;

        void Matrix(string name, int rows, int columns, double deviation)
        {
            using var scope = NewDisposeScope();
            weights[name] = (randn(rows, columns, generator: generator) * tensor((float)deviation)).requires_grad_().DetachFromDisposeScope();
        }

        void Norm(string name) => weights[name] = ones(width).requires_grad_().DetachFromDisposeScope();
    }
}
