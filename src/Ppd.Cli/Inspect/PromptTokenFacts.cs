using Ppd.Drafting;
using Ppd.Native;

namespace Ppd.Cli.Inspect;

// Content: null where the file is refused.
// FitsModel: Whether the model it was compared with is the one it was trained for; null where there is no model to compare with.
// Error: Why the file is refused: by itself, for the model, or because the engine cannot decode such prompt tokens.
sealed record PromptTokenFacts(string Path, long Bytes, PromptTokenContent? Content, bool? FitsModel, string? Error);

// Count: Tokens guessed ahead.
// Ensemble: Rows per guessed token.
// ConditionalRank: null where the rows are the same under every token.
// Accuracy: How often the guess of each rank came true on held-out text, by distance; null where it was not measured.
// Calibrated: Whether the file says how far the model's own probabilities can be trusted.
sealed record PromptTokenContent(
    BaseModel Model, int Count, int Ensemble, PromptTokenMask Mask, int? ConditionalRank, IReadOnlyList<IReadOnlyList<float>>? Accuracy, bool Calibrated,
    IReadOnlyDictionary<string, string> Training);

/// <summary>Collects facts about prompt-token files.</summary>
static class PromptTokenFactsReader
{
    const string Extension = ".ppd.gguf";

    /// <summary>Whether the path names prompt tokens and not a model: by its ending, so that damaged ones count too, else by its header.</summary>
    public static bool IsPromptTokenFile(string path)
    {
        if (path.EndsWith(Extension, StringComparison.OrdinalIgnoreCase)) return true;
        using var file = GgufFile.Open(path);
        return PromptTokenFile.IsPromptTokenFile(file);
    }

    /// <summary>Facts of the file itself, compared with the model beside it where there is one.</summary>
    /// <exception cref="PpdException">The file, or the model beside it, is refused; the message says why.</exception>
    public static PromptTokenFacts Read(string path)
    {
        var tokens = PromptTokenFile.Read(path);
        return Facts(path, tokens, ModelBeside(path));
    }

    /// <summary>Facts of the file beside a model; null where there is none.</summary>
    public static PromptTokenFacts? Beside(string modelPath, GgufFile model)
    {
        var path = PromptTokenFile.PathBeside(modelPath);
        if (!File.Exists(path)) return null;
        try
        {
            return Facts(path, PromptTokenFile.Read(path), BaseModel.Of(model));
        }
        catch (PpdPromptTokenFileException error)
        {
            return new PromptTokenFacts(Path.GetFullPath(path), new FileInfo(path).Length, Content: null, FitsModel: false, error.Message);
        }
    }

    static PromptTokenFacts Facts(string path, PromptTokens tokens, BaseModel? model)
    {
        string? mismatch = null;
        try
        {
            if (model is not null) tokens.RequireModel(model, path);
        }
        catch (PpdPromptTokenFileException error)
        {
            mismatch = error.Message;
        }
        var content = new PromptTokenContent(tokens.Model, tokens.Count, tokens.Ensemble, tokens.Mask, tokens.Conditional?.Rank, tokens.Accuracy,
            tokens.Calibration is not null, tokens.Training);
        var obstacle = PromptTokenRows.Obstacle(tokens) is { } reason ? $"They cannot be decoded with: {reason}." : null;
        return new PromptTokenFacts(Path.GetFullPath(path), new FileInfo(path).Length, content, model is null ? null : mismatch is null, mismatch ?? obstacle);
    }

    static BaseModel? ModelBeside(string path)
    {
        if (!path.EndsWith(Extension, StringComparison.OrdinalIgnoreCase)) return null;
        var modelPath = path[..^Extension.Length] + ".gguf";
        if (!File.Exists(modelPath)) return null;
        using var file = GgufFile.Open(modelPath);
        return BaseModel.Of(file);
    }
}
