using Ppd.Drafting;

namespace Ppd.Training.Conversion;

/// <summary>Turns a checkpoint of the method's authors (a PEFT prompt-tuning folder) into prompt tokens for the GGUF file of the same model.</summary>
static class ReferenceConverter
{
    const string Safetensors = "adapter_model.safetensors", Pickle = "adapter_model.bin";

    /// <exception cref="ConversionException">The checkpoint is damaged, of another model, or needs what this library does not do.</exception>
    public static PromptTokens Convert(string folder, ModelShape model)
    {
        if (!Directory.Exists(folder)) throw new ConversionException($"'{folder}' is no folder. Name the folder of the checkpoint, with adapter_config.json in it.");
        var config = ReferenceConfig.Read(folder);
        RequireSame("token_dim", "width", config.Width, model.Base.Width);
        RequireSame("num_layers", "layers", config.Layers, model.Layers);
        RequireSame("num_attention_heads", "attention heads", config.Heads, model.Heads);
        var tokens = new PromptTokens
        {
            Count = config.Count,
            Ensemble = config.Ensemble,
            // both sides count rows by prompt token first, then by member
            Rows = Rows(folder, config.Count * config.Ensemble, model.Base.Width),
            Mask = config.Mask,
            Model = model.Base,
            Training = new Dictionary<string, string>
            {
                ["origin"] = "converted from a PEFT prompt-tuning checkpoint",
                ["checkpoint"] = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder))),
                ["checkpoint_model"] = config.BaseModel ?? "not named",
            },
        };
        return PromptTokenRows.Obstacle(tokens) is not { } obstacle ? tokens
            : throw new ConversionException($"The checkpoint in '{folder}' cannot be decoded with: {obstacle}. Use one with vt_attention_type = 'ensemble'.");

        void RequireSame(string key, string what, int? found, int expected)
        {
            if (found is null || found == expected) return;
            throw new ConversionException(
                $"The checkpoint in '{folder}' was trained for {config.BaseModel ?? "a model it does not name"} with {found} {what} ({key}); the model at hand, {model.Base}, has {expected}. " +
                "Name the GGUF file of the model it was trained for.");
        }
    }

    static float[] Rows(string folder, int rows, int width)
    {
        if (Path.Combine(folder, Safetensors) is var safetensors && File.Exists(safetensors)) return SafetensorsFile.Read(safetensors, rows, width);
        if (Path.Combine(folder, Pickle) is var pickle && File.Exists(pickle)) return TorchArchive.Read(pickle, rows, width);
        throw new ConversionException($"There is neither {Safetensors} nor {Pickle} in '{folder}'. The checkpoint is incomplete; get it again.");
    }
}
