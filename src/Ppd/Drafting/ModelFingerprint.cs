using System.Security.Cryptography;
using System.Text;
using Ppd.Native;

namespace Ppd.Drafting;

/// <summary>
/// Identifies the trained model inside a GGUF file, whatever its quantisation: prompt tokens trained against the F32 file serve the Q4 file too.
/// </summary>
/// <remarks>
/// Hashed are the architecture, its lengths, the token texts, and every one-dimensional F32 tensor: norms and biases. Those are the weights that every
/// quantisation keeps: llama.cpp v0.5.0 converts tensors of one dimension to F32 always (<c>conversion/base.py</c>) and never quantises them
/// (<c>tensor_allows_quantization</c> in <c>llama-quant.cpp</c>), and F16 and BF16 originals become the same F32. The exceptions are the scales that
/// some low-bit formats add beside their matrices; they are left out. Context length, chat template and RoPE settings are left out as well: people edit
/// them. A fine-tune that leaves norms, biases and vocabulary alone, as most LoRA merges do, has the fingerprint of its base model; prompt tokens still
/// fit it roughly there, and wrong guesses cost time, never correctness.
/// </remarks>
static class ModelFingerprint
{
    /// <summary>Lower-case hexadecimal digits of a fingerprint: the first 128 bits of the hash.</summary>
    public const int Length = 32;

    /// <summary>Reads the token texts and the vectors straight from the memory map: some 10 ms for 150 000 tokens when the file is cached.</summary>
    /// <exception cref="PpdModelLoadException">The file is not a model that this library runs.</exception>
    public static string Of(GgufFile file)
    {
        var architecture = GgufArchitecture.Of(file);
        var model = new GgufHyperparameters(file, architecture);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        AppendLine(hash, FormattableString.Invariant(
            $"{architecture.Name} {model.EmbeddingLength} {model.BlockCount} {model.HeadCount} {model.HeadCountKv} {model.HeadLength}"));
        AppendLine(hash, GgufVocabularyCheck.Digest(file));
        // By name: tools may write tensors in another order.
        foreach (var tensor in file.Tensors.Values.Where(IsKept).OrderBy(tensor => tensor.Name, StringComparer.Ordinal))
        {
            AppendLine(hash, FormattableString.Invariant($"{tensor.Name} {tensor.RowLength}"));
            hash.AppendData(file.Row(tensor, 0));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..Length];
    }

    // RowCount and not the number of dimensions: a quantiser drops trailing lengths of 1.
    static bool IsKept(GgufTensor tensor) =>
        tensor is { RowCount: 1, Type: GgmlType.F32 }
        && !tensor.Name.EndsWith(".scale", StringComparison.Ordinal) && !tensor.Name.EndsWith(".input_scale", StringComparison.Ordinal);

    static void AppendLine(IncrementalHash hash, string text) => hash.AppendData(Encoding.UTF8.GetBytes(text + "\n"));
}
