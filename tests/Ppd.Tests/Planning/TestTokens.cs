using Ppd.Drafting;

namespace Ppd.Tests.Planning;

static class TestTokens
{
    // algorithm.md 5.1, as published for Vicuna-7B
    internal static readonly float[][] Vicuna7B =
    [
        [.48335f, .14342f, .07360f, .04540f, .03087f, .02155f, .01658f, .01323f, .00932f, .00845f],
        [.2626f, .1456f, .0811f, .0576f, .0428f, .0323f, .0257f, .0215f, .0190f, .0155f],
        [.1641f, .1176f, .0809f, .0578f, .0459f, .0367f, .0313f, .0232f, .0237f, .0179f],
    ];

    /// <summary>Prompt tokens with an accuracy table [distances][ranks] and nothing else.</summary>
    internal static PromptTokens Of(float[][] accuracy) => new()
    {
        Count = accuracy.Length,
        Ensemble = 1,
        Rows = new float[accuracy.Length * 4],
        Mask = PromptTokenMask.Ensemble,
        Model = new BaseModel("llama", "test", 4, 1 << 21, "0"),
        Accuracy = accuracy,
    };
}
