using Microsoft.Extensions.AI;
using Ppd.Tests.Chat.Tools;

namespace Ppd.Tests.Chat;

public sealed class ReasoningReaderTests
{
    public static readonly TheoryData<string, string, string> Replies = new()
    {
        { SampleTemplates.Hermes, "<think>\nFirst\n\nthen.\n</think>\n\nYes.", "[First\n\nthen.]Yes." },
        { SampleTemplates.Hermes, "\n<think></think>Yes.\n", "Yes.\n" },
        { SampleTemplates.Hermes, "<think>\n\n</think>\n\nYes.", "Yes." },
        { SampleTemplates.Hermes, "  Yes, <think> is a tag.", "  Yes, <think> is a tag." },
        { SampleTemplates.Hermes, "<thin", "<thin" },
        { SampleTemplates.Hermes, "<think>never </thin", "[never </thin]" },
        { SampleTemplates.Hermes, "<think>a</think><tool_call>{\"name\": \"Clock_Now\"}</tool_call>", "[a]{Clock_Now {}}" },
        { SampleTemplates.Hermes, "<think><tool_call>{\"name\": \"Clock_Now\"}</tool_call></think>no", "[<tool_call>{\"name\": \"Clock_Now\"}</tool_call>]no" },
        { SampleTemplates.ThinksAtOnce, "Hm\n</think>\n\nYes.", "[Hm]Yes." },
        { SampleTemplates.ThinksAtOnce, "Hm", "[Hm]" },
        { SampleTemplates.ThinksAtOnce, "</think>Yes.", "Yes." },
    };

    [Theory, MemberData(nameof(Replies), DisableDiscoveryEnumeration = true)]
    public void Thoughts_are_apart_from_the_answer_however_the_reply_is_cut(string template, string reply, string expected) =>
        Reply.ReadCutEverywhere(Reply.Prompt(template), reply).ShouldBe(expected);

    [Fact]
    public void Thoughts_are_not_held_back()
    {
        var reader = Reply.Reader(Reply.Prompt(SampleTemplates.Hermes, new ChatOptions()));
        reader.Push("<think>\nSo </");
        reader.IsInReasoning.ShouldBeTrue();
        reader.Take().ShouldHaveSingleItem().ShouldBeOfType<TextReasoningContent>().Text.ShouldBe("So");
        reader.Push("think> Yes");
        reader.IsInReasoning.ShouldBeFalse();
        reader.Take().ShouldHaveSingleItem().ShouldBeOfType<TextContent>().Text.ShouldBe("Yes");
    }

    [Fact]
    public void Template_without_thoughts_leaves_the_markers_alone()
    {
        var reader = Reply.Reader(Reply.Prompt(SampleTemplates.Plain, new ChatOptions()));
        Reply.Read(reader, ["<think>a</think>b"]).ShouldBe("<think>a</think>b");
    }
}
