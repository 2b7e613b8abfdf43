namespace Ppd.Native;

/// <summary>Refuses tensors on which llama.cpp aborts or reads null, at load or at the first decode.</summary>
static class GgufTensorCheck
{
    // ggml asserts that the memory it maps weights from begins at a multiple of this; any tensor can be the first.
    const int MemoryAlignment = 32;

    static readonly string[] VectorSuffixes = [".bias", ".scale", ".input_scale", "_norm.weight"];

    public static void Check(GgufFile file, GgufHyperparameters model, int vocabularySize)
    {
        if (file.Tensors.Count == 0)
        {
            throw new PpdModelLoadException(
                $"'{file.Path}' has no weights: it holds a vocabulary only, which llama.cpp uses to test tokenisers. Get the model itself.");
        }
        CheckShape(file, "token_embd.weight", required: true, model, vocabularySize);
        CheckShape(file, "output.weight", required: false, model, vocabularySize);
        foreach (var tensor in file.Tensors.Values)
            CheckStorage(file, tensor);
        for (int block = 0; block < model.BlockCount; block++)
            CheckAttention(file, block);
        CheckScales(file);
    }

    static void CheckShape(GgufFile file, string name, bool required, GgufHyperparameters model, int vocabularySize)
    {
        if (!file.Tensors.TryGetValue(name, out var tensor))
        {
            if (required)
                throw Missing(file, name);
            return;
        }
        if (tensor.RowLength != model.EmbeddingLength || tensor.RowCount != vocabularySize || tensor.Dimensions.Skip(2).Any(length => length != 1))
        {
            throw new PpdModelLoadException(
                $"Tensor '{name}' of '{file.Path}' has shape {tensor.Shape}; the metadata calls for [{model.EmbeddingLength}, {vocabularySize}] " +
                "(embedding length, tokens). Weights and vocabulary are of different models; convert the model again.");
        }
    }

    static void CheckStorage(GgufFile file, GgufTensor tensor)
    {
        if (tensor.Offset % MemoryAlignment != 0)
        {
            throw new PpdModelLoadException(
                $"Tensor '{tensor.Name}' of '{file.Path}' begins at byte {tensor.Offset}; llama.cpp needs multiples of {MemoryAlignment}. " +
                $"The file was written with general.alignment = {file.Alignment}; convert it with {MemoryAlignment} or more.");
        }
        // ggml adds and multiplies element by element in F32 only; the CPU backend aborts on other types.
        bool vector = tensor.RowCount == 1 || Array.Exists(VectorSuffixes, suffix => tensor.Name.EndsWith(suffix, StringComparison.Ordinal));
        if (vector && tensor.Type != GgmlType.F32)
        {
            throw new PpdModelLoadException(
                $"Tensor '{tensor.Name}' {tensor.Shape} of '{file.Path}' is stored as {tensor.Type.Info().Name}; norms, biases and scales must be F32. " +
                "Quantise the model again with llama.cpp's own tool.");
        }
        if (!tensor.Type.Info().IsWeight)
        {
            throw new PpdModelLoadException(
                $"Tensor '{tensor.Name}' of '{file.Path}' is stored as {tensor.Type.Info().Name}, with which llama.cpp cannot multiply. " +
                "The file is damaged or is no language model.");
        }
    }

    // Some architectures declare these as optional and then use them unasked.
    static void CheckAttention(GgufFile file, int block)
    {
        string prefix = $"blk.{block}.attn_";
        if (!file.Tensors.ContainsKey(prefix + "qkv.weight"))
        {
            foreach (string part in new[] { "q.weight", "k.weight", "v.weight" })
                Require(file, prefix + part);
        }
        Require(file, prefix + "output.weight");
    }

    // NVFP4 weights with a separate scale cannot also have a bias, and a tied output cannot have a scale of its own.
    static void CheckScales(GgufFile file)
    {
        foreach (var tensor in file.Tensors.Values.Where(tensor => tensor.Type == GgmlType.NVFP4))
        {
            string stem = tensor.Name.EndsWith(".weight", StringComparison.Ordinal) ? tensor.Name[..^".weight".Length] : tensor.Name;
            bool scaledAndBiased = file.Tensors.ContainsKey(stem + ".scale") && file.Tensors.ContainsKey(stem + ".bias");
            bool tiedAndScaled = stem == "token_embd" && !file.Tensors.ContainsKey("output.weight")
                && (file.Tensors.ContainsKey("output.scale") || file.Tensors.ContainsKey("output.input_scale"));
            if (scaledAndBiased || tiedAndScaled)
            {
                throw new PpdModelLoadException(
                    $"Tensor '{tensor.Name}' of '{file.Path}' is NVFP4 with {(tiedAndScaled ? "an output scale but no output.weight" : "both a scale and a bias")}, " +
                    "which llama.cpp does not support. Use another quantisation of this model.");
            }
        }
    }

    static void Require(GgufFile file, string name)
    {
        if (!file.Tensors.ContainsKey(name))
            throw Missing(file, name);
    }

    static PpdModelLoadException Missing(GgufFile file, string name) => new(
        $"'{file.Path}' has no tensor '{name}', which a {file.Metadata.GetRequired<string>("general.architecture")} model needs. " +
        "The file is incomplete or mislabelled; get or convert it again.");
}
