using Ppd.Drafting;
using Ppd.Training.Prompts;

namespace Ppd.Training.Tests.Prompts;

public sealed class PromptMasksTests
{
    // two prompt tokens of two members; rows (0,0) (0,1) (1,0) (1,1)
    [Theory]
    [InlineData("Ensemble", "1000 0100 1010 0101")]
    [InlineData("Decoder", "1000 1100 1110 1111")]
    [InlineData("Encoder", "1100 1100 0011 0011")]
    public void A_row_sees_what_the_rule_says(string mask, string expected)
    {
        var sees = PromptMasks.Chain(Enum.Parse<PromptTokenMask>(mask), count: 2, ensemble: 2);
        string.Join(' ', Enumerable.Range(0, 4).Select(row => string.Concat(Enumerable.Range(0, 4).Select(column => sees[row, column] ? '1' : '0')))).ShouldBe(expected);
    }
}
