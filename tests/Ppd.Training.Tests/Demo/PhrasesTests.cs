using Ppd.Training.Demo.Corpus;

namespace Ppd.Training.Tests.Demo;

public sealed class PhrasesTests
{
    [Fact]
    public void All_alternatives_occur_nested_ones_too()
    {
        var random = new Random(1);
        var seen = Enumerable.Range(0, 300).Select(_ => Phrases.Fill("[a|b[1|2|]|]c {x}", random, ("x", "!"))).Distinct().Order(StringComparer.Ordinal);
        seen.ShouldBe(["ac !", "b1c !", "b2c !", "bc !", "c !"]);
    }

    [Fact]
    public void Every_eighth_pattern_is_for_the_examination_only()
    {
        var phrases = new Phrases("1", "2", "3", "4", "5", "6", "7", "8", "9");
        var random = new Random(1);
        Enumerable.Range(0, 300).Select(_ => phrases.Lesson(random)).Distinct().Order().ShouldBe(["1", "2", "3", "4", "5", "6", "7", "9"]);
        phrases.Exam(random).ShouldBe("8");
    }
}
