using Ppd.Drafting;
using Ppd.Native;

namespace Ppd.Tests.Decoding;

/// <summary>Prompt tokens without training: what they guess is wrong, what they must not change is the output.</summary>
static class TestPrompts
{
    /// <summary>Rows of the size of the model's own word embeddings.</summary>
    internal static PromptTokens Random(string modelPath, int count, int ensemble, int rank = 0)
    {
        using var file = GgufFile.Open(modelPath);
        var model = BaseModel.Of(file);
        var random = new Random(11);
        float[] Values(int length, float size) => [.. Enumerable.Range(0, length).Select(_ => size * ((2 * random.NextSingle()) - 1))];
        return new PromptTokens
        {
            Count = count,
            Ensemble = ensemble,
            Rows = Values(count * ensemble * model.Width, 1),
            Mask = PromptTokenMask.Ensemble,
            Model = model,
            Conditional = rank == 0 ? null : new LowRank(rank, Values(rank * model.Width, 0.3f), Values(count * model.Width * rank, 0.3f)),
        };
    }
}
