using System.Text;
using Ppd.Chat;

namespace Ppd.Tests.Chat;

public sealed class StopMatcherTests
{
    [Theory]
    [InlineData("one STOP two", "one ", "STOP")]
    [InlineData("xabcd", "x", "bcd", "abcd")]
    [InlineData("ababac!", "ab", "abac")]
    [InlineData("ST is no stop, STO neither", "ST is no stop, STO neither", "STOP")]
    [InlineData("ends in ST", "ends in ST", "STOP")]
    public void Text_ends_before_the_first_stop_when_pushed_character_by_character(string text, string expected, params string[] stops)
    {
        var matcher = new StopMatcher(stops);
        var output = new StringBuilder();
        foreach (var character in text) matcher.Push([character], output);
        if (!matcher.Stopped) matcher.Flush(output);
        output.ToString().ShouldBe(expected);
        matcher.Stopped.ShouldBe(expected.Length < text.Length);
    }

    [Fact]
    public void Only_what_may_become_a_stop_is_held_back()
    {
        var matcher = new StopMatcher(["STOP"]);
        var output = new StringBuilder();
        matcher.Push("one ST", output);
        output.ToString().ShouldBe("one ");
        matcher.Push("ART", output);
        output.ToString().ShouldBe("one START");
        matcher.Stopped.ShouldBeFalse();
    }
}
