using System.Text.Json;
using Ppd.Drafting;

namespace Ppd.Training.Conversion;

/// <summary>What adapter_config.json of a checkpoint by the method's authors says. Parts of their method that have no place in a prompt-token file are refused.</summary>
/// <param name="Count">Prompt tokens.</param>
/// <param name="Ensemble">Rows per prompt token.</param>
/// <param name="Mask">Which prompt rows see which.</param>
/// <param name="BaseModel">What the checkpoint calls its model; null where it does not say.</param>
/// <param name="Width">Elements of a row; this and the next two are null where the file does not say.</param>
/// <param name="Layers">Layers of the model.</param>
/// <param name="Heads">Attention heads of the model.</param>
sealed record ReferenceConfig(int Count, int Ensemble, PromptTokenMask Mask, string? BaseModel, int? Width, int? Layers, int? Heads)
{
    const string FileName = "adapter_config.json";
    const int MaxBytes = 1 << 20;

    // Files beside the tensor that belong to the variants refused below.
    static readonly (string Name, string Purpose)[] RefusedFiles =
    [
        ("custom_lm_head.pt", "an output matrix of its own for prompt tokens"),
        ("weighting_layers.pt", "learned weights of the ensemble members"),
        ("prefix", "prefix tuning"),
    ];

    /// <exception cref="ConversionException">The file is missing or damaged, or the checkpoint needs what this library does not do.</exception>
    public static ReferenceConfig Read(string folder)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
            throw new ConversionException($"There is no {FileName} in '{folder}'. A checkpoint is a folder with {FileName} and adapter_model.safetensors or adapter_model.bin.");
        if (new FileInfo(path).Length is > MaxBytes and var length)
            throw new ConversionException($"'{path}' has {length} bytes; at most {MaxBytes} are read. It is not the configuration of a checkpoint.");
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(path), new JsonDocumentOptions { AllowDuplicateProperties = false });
            if (json.RootElement.ValueKind != JsonValueKind.Object) throw new ConversionException($"'{path}' is not a JSON object. It is not the configuration of a checkpoint.");
            var config = new Fields(path, json.RootElement).ToConfig();
            foreach (var (name, purpose) in RefusedFiles.Where(file => Path.Exists(Path.Combine(folder, file.Name))))
                throw new ConversionException($"'{folder}' has {name} ({purpose}), which prompt-token files cannot hold. Train the checkpoint without it.");
            return config;
        }
        // the latter: half a surrogate pair in a text
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw new ConversionException($"'{path}' is not valid JSON: {error.Message} Get the checkpoint again.", error);
        }
    }

    sealed class Fields(string path, JsonElement root)
    {
        public ReferenceConfig ToConfig()
        {
            if (Flag("use_custom_lm_head")) throw Unsupported("use_custom_lm_head", "true", "an output matrix of its own for prompt tokens");
            if (Flag("use_prefix_tuning")) throw Unsupported("use_prefix_tuning", "true", "prefix tuning");
            if (Number("num_exits") is > 1 and var exits) throw Unsupported("num_exits", $"{exits}", "the mean of several layers' outputs");
            if (Text("aggregation_type") is { } aggregation and not "mean") throw Unsupported("aggregation_type", $"'{aggregation}'", "members that are not simply averaged");
            var count = Number("num_special_tokens")
                ?? throw new ConversionException($"'{path}' has no num_special_tokens: it belongs to ordinary prompt tuning, not to parallel prompt decoding, and cannot be converted.");
            var ensemble = Number("virtual_tokens_per_special_token") ?? 1;
            if (count is < 1 or > PromptTokens.MaxCount || ensemble is < 1 or > PromptTokens.MaxEnsemble || count * ensemble > PromptTokens.MaxRows)
            {
                throw new ConversionException(
                    $"'{path}' has num_special_tokens = {count} and virtual_tokens_per_special_token = {ensemble}; at most {PromptTokens.MaxCount} and {PromptTokens.MaxEnsemble} " +
                    $"with a product of at most {PromptTokens.MaxRows} are possible. The file is damaged, or the checkpoint cannot be used here.");
            }
            if (Number("num_virtual_tokens") is { } total && total != count * ensemble)
                throw new ConversionException($"'{path}' has num_virtual_tokens = {total}, but {count} prompt tokens of {ensemble} members. The file was edited or is damaged; get it again.");
            return new ReferenceConfig(count, ensemble, Mask(), Text("base_model_name_or_path"), Number("token_dim"), Number("num_layers"), Number("num_attention_heads"));
        }

        // The authors' default, where the file is silent, is "decoder".
        PromptTokenMask Mask() => (Text("vt_attention_type") ?? "decoder") switch
        {
            "ensemble" => PromptTokenMask.Ensemble,
            "decoder" => PromptTokenMask.Decoder,
            "encoder" => PromptTokenMask.Encoder,
            var other => throw new ConversionException($"'{path}' has vt_attention_type = '{other}'; known are ensemble, decoder and encoder. The checkpoint cannot be used here."),
        };

        bool Flag(string name) => Find(name) is { } value && (value.ValueKind is JsonValueKind.True || (value.ValueKind is not JsonValueKind.False ? throw Wrong(name, "true or false") : false));

        int? Number(string name) => Find(name) is not { } value ? null
            : value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number >= 0 ? number
            : throw Wrong(name, "a whole number that is not negative");

        string? Text(string name) => Find(name) is not { } value ? null : value.ValueKind == JsonValueKind.String ? value.GetString() : throw Wrong(name, "a text");

        JsonElement? Find(string name) => root.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

        ConversionException Wrong(string name, string allowed) => new($"'{path}' has a {name} that is not {allowed}. The file was edited or is damaged; get it again.");

        ConversionException Unsupported(string name, string value, string meaning) =>
            new($"'{path}' has {name} = {value}: {meaning}, which prompt-token files cannot hold. Train the checkpoint without it.");
    }
}
