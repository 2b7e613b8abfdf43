using Ppd.Drafting;

namespace Ppd.Tests.Drafting;

/// <summary>Prompt tokens with a different number in every place, so that a mix-up shows.</summary>
static class PromptTokenSamples
{
    public const int Count = 3, Ensemble = 2, Width = 4, Rank = 2;

    public static BaseModel Model { get; } = new("llama", "sample", Width, 512, "0123456789abcdef0123456789abcdef");

    /// <summary>The required parts only.</summary>
    public static PromptTokens Bare { get; } = new()
    {
        Count = Count,
        Ensemble = Ensemble,
        Rows = Numbers(Count * Ensemble * Width, 1),
        Mask = PromptTokenMask.Ensemble,
        Model = Model,
    };

    public static PromptTokens Full { get; } = Bare with
    {
        Mask = PromptTokenMask.Encoder,
        Conditional = new LowRank(Rank, Numbers(Rank * Width, 1000), Numbers(Count * Width * Rank, 2000)),
        Accuracy = [[0.5f, 0.125f], [0.25f, 0.0625f, 0.03125f], [0.125f]],
        Calibration =
        [
            new([0, 0.25f, 1], [0.125f, 0.75f]),
            new([0, 0.5f, 0.75f, 1], [0.0625f, 0.25f, 0.5f]),
            new([0, 1], [0.375f]),
        ],
        Training = new Dictionary<string, string> { ["data"] = "books.txt, ünïcode", ["steps"] = "400" },
    };

    static float[] Numbers(int count, float first) => [.. Enumerable.Range(0, count).Select(i => first + i)];
}
