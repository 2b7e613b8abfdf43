using Microsoft.Extensions.AI;
using Ppd.Tests.Chat.Tools;

namespace Ppd.Tests.Chat;

public sealed class HarmonyReaderTests
{
    public static readonly TheoryData<string, string> Replies = new()
    {
        { "<|channel|>analysis<|message|>Hm.<|end|><|start|>assistant<|channel|>final<|message|>Yes.<|return|>", "[Hm.]Yes." },
        { "<|channel|>final<|message|>Yes.", "Yes." },
        { "<|channel|>analysis<|message|>Hm.<|end|><|start|>assistant<|channel|>commentary to=functions.Clock_Now <|constrain|>json<|message|>{}<|call|>", "[Hm.]{Clock_Now {}}" },
        { "<|channel|>analysis<|message|>Hm.<|end|> to=functions.Clock_Now<|channel|>commentary json<|message|>{}", "[Hm.]{}" },
        { "<|channel|>analysis to=functions.Clock_Now<|message|>{}<|end|>", "[{}]" },
        { " to=functions.weather_getforecast<|channel|>commentary json<|message|>{\"city\": \"Rome\"}", "{Weather_GetForecast {\"city\":\"Rome\"}}" },
        { "<|channel|>commentary<|message|>I will look.<|end|><|start|>assistant to=functions.Clock_Now<|channel|>commentary json<|message|>{}<|call|>", "I will look.{Clock_Now {}}" },
        { "<|channel|>commentary to=functions.Clock_Now<|message|>{oh}<|call|>", "<|channel|>commentary to=functions.Clock_Now<|message|>{oh}" },
        { "<|channel|>analysis<|message|>Hm.<|start|>assistant<|channel|>final<|message|>Yes.", "[Hm.]Yes." },
        { "Plain words, without a channel.", "Plain words, without a channel." },
    };

    [Theory, MemberData(nameof(Replies), DisableDiscoveryEnumeration = true)]
    public void Channels_are_told_apart_however_the_reply_is_cut(string reply, string expected)
    {
        var prompt = Reply.Prompt(SampleTemplates.Harmony);
        prompt.Layout.InChannels.ShouldBeTrue();
        prompt.Layout.Calls!.Family.ShouldBe("Harmony");
        Reply.ReadCutEverywhere(prompt, reply).ShouldBe(expected);
    }

    [Fact]
    public void Long_text_without_a_channel_is_not_held_back_for_ever()
    {
        var reader = Reply.Reader(Reply.Prompt(SampleTemplates.Harmony, new ChatOptions()));
        reader.Push(new string('a', 500));
        Reply.Line(reader.Take()).ShouldBe(new string('a', 500));
        reader.Push("b");
        Reply.Line(reader.Take()).ShouldBe("b");
    }
}
