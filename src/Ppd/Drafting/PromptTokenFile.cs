using System.Runtime.InteropServices;
using Ppd.Native;

namespace Ppd.Drafting;

/// <summary>
/// Prompt tokens in a file of their own beside the model, <c>model.ppd.gguf</c>: a GGUF container, so that every GGUF tool can show it.
/// </summary>
static class PromptTokenFile
{
    /// <summary>F32 [width, ensemble, count], row length first: row i × ensemble + j is member j of prompt token i.</summary>
    public const string RowsTensor = "ppd.prompt_tokens";

    /// <summary>F32 [width, rank]; optional.</summary>
    public const string DownTensor = "ppd.conditional.down";

    /// <summary>F32 [rank, width, count]; there iff <see cref="DownTensor"/> is.</summary>
    public const string UpTensor = "ppd.conditional.up";

    /// <summary>Most ranks an accuracy table has per distance.</summary>
    public const int MaxRanks = 1024;

    public const uint FormatVersion = 1;
    public const string Architecture = "ppd"; // no model: whoever opens the file as one is told so by this
    // How rows relate to the model's graph; another convention would be another value here.
    public const string Convention = "token_embd";
    public const string TrainingPrefix = "ppd.training.";

    /// <summary>Where the prompt tokens of a model are looked for: <c>dir/name.gguf</c> → <c>dir/name.ppd.gguf</c>.</summary>
    public static string PathBeside(string modelPath)
    {
        const string extension = ".gguf";
        bool named = modelPath.EndsWith(extension, StringComparison.OrdinalIgnoreCase);
        return (named ? modelPath[..^extension.Length] : modelPath) + ".ppd.gguf";
    }

    /// <summary>Whether the header says that this GGUF file holds prompt tokens rather than a model.</summary>
    public static bool IsPromptTokenFile(GgufFile file) =>
        file.Metadata.TryGetEntry("general.architecture", out var entry) && entry is { Type: GgufValueType.String, IsArray: false }
        && file.Metadata.GetRequired<string>("general.architecture") == Architecture;

    /// <exception cref="PpdPromptTokenFileException">The file cannot be read, is no prompt-token file, or something in it is out of bounds; the message says what.</exception>
    public static PromptTokens Read(string path)
    {
        try
        {
            using var file = GgufFile.Open(path);
            return new PromptTokenReader(file).Read();
        }
        catch (PpdModelLoadException error) // what the GGUF reader throws
        {
            throw new PpdPromptTokenFileException($"The prompt tokens cannot be read. {error.Message}", error);
        }
    }

    /// <summary>Also refuses prompt tokens of another model.</summary>
    /// <exception cref="PpdPromptTokenFileException">As above, or the file belongs to another model.</exception>
    public static PromptTokens Read(string path, BaseModel model)
    {
        var tokens = Read(path);
        tokens.RequireModel(model, path);
        return tokens;
    }

    /// <summary>Creates or replaces the file.</summary>
    /// <exception cref="PpdPromptTokenFileException">The prompt tokens would be refused by <see cref="Read(string)"/>: rows that diverged in training, for example.</exception>
    public static void Write(string path, PromptTokens tokens)
    {
        PromptTokenCheck.Check(tokens, path);
        var model = tokens.Model;
        var writer = new GgufWriter()
            .Add("general.architecture", Architecture)
            .Add("general.name", $"prompt tokens for {model.Name}")
            .Add("ppd.format_version", FormatVersion)
            .Add("ppd.embedding_convention", Convention)
            .Add("ppd.mask", MaskName(tokens.Mask))
            .Add("ppd.base_model.architecture", model.Architecture)
            .Add("ppd.base_model.name", model.Name)
            .Add("ppd.base_model.fingerprint", model.Fingerprint)
            .Add("ppd.base_model.vocabulary_size", (uint)model.VocabularySize);
        for (int i = 0; i < tokens.Count; i++)
        {
            if (tokens.Accuracy is { } accuracy)
                writer.Add(AccuracyKey(i), accuracy[i]);
            if (tokens.Calibration is { } calibration)
                writer.Add(EdgesKey(i), calibration[i].Edges).Add(RatesKey(i), calibration[i].Rates);
        }
        foreach (var (name, text) in tokens.Training)
            writer.Add(TrainingPrefix + name, text);
        AddTensor(writer, RowsTensor, tokens.Rows, tokens.Width, tokens.Ensemble, tokens.Count);
        if (tokens.Conditional is { } conditional)
        {
            AddTensor(writer, DownTensor, conditional.Down, tokens.Width, conditional.Rank);
            AddTensor(writer, UpTensor, conditional.Up, conditional.Rank, tokens.Width, tokens.Count);
        }
        writer.Write(path);
    }

    static void AddTensor(GgufWriter writer, string name, float[] values, params long[] dimensions) =>
        writer.AddTensor(name, GgmlType.F32, dimensions, stream => stream.Write(MemoryMarshal.AsBytes(values.AsSpan())));

    public static string MaskName(PromptTokenMask mask) => mask.ToString().ToLowerInvariant();

    // Numbered by distance, from 1.
    public static string AccuracyKey(int i) => $"ppd.accuracy.{i + 1}";

    public static string EdgesKey(int i) => $"ppd.calibration.{i + 1}.edges";

    public static string RatesKey(int i) => $"ppd.calibration.{i + 1}.rates";
}
