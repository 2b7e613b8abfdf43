using System.Numerics.Tensors;
using Ppd.Native;
using static TorchSharp.torch;

namespace Ppd.Training.Model;

/// <summary>How far the trainer's logits are from llama.cpp's on a random text.</summary>
/// <param name="Largest">Largest absolute difference.</param>
/// <param name="Relative">Root mean square of the differences over the logits' standard deviation.</param>
readonly record struct Parity(float Largest, float Relative)
{
    const int Tokens = 64;

    // Activations rounded to 8 bits, as llama.cpp does with quantised weights, make 0.01 to 0.05; a missing term makes 0.5 or more.
    const float Tolerance = 0.15f;

    public static Parity Measure(Transformer transformer, LlamaModel model, int threads)
    {
        var random = new Random(5);
        var tokens = Enumerable.Range(0, Math.Min(Tokens, transformer.Config.ContextLength)).Select(_ => random.Next(transformer.Config.Vocabulary)).ToArray();
        var expected = LlamaLogits.Of(model, tokens, threads).SelectMany(row => row).ToArray();
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var ids = tensor(Array.ConvertAll(tokens, token => (long)token), device: transformer.Device).unsqueeze(0);
        var actual = transformer.Logits(transformer.Forward(transformer.Embed(ids), arange(tokens.Length, device: transformer.Device))).cpu().data<float>().ToArray();
        var deviation = TensorPrimitives.StdDev<float>(expected);
        TensorPrimitives.Subtract(actual, expected, actual);
        return new Parity(Math.Abs(TensorPrimitives.MaxMagnitude(actual)), TensorPrimitives.Norm(actual) / MathF.Sqrt(actual.Length) / deviation);
    }

    /// <exception cref="PpdException">The two do not compute the same function.</exception>
    public void Require(string path)
    {
        if (!(Relative <= Tolerance))
        {
            throw new PpdException(FormattableString.Invariant($"The trainer's logits for '{path}' differ from llama.cpp's by {Relative:0.000} of their deviation; {Tolerance} is allowed. ") +
                "The model does something that the trainer does not compute; prompt tokens trained like this would guess badly.");
        }
    }
}
