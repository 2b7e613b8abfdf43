using System.Text;
using Microsoft.Extensions.AI;
using Ppd.Chat;
using Ppd.Chat.Tools;
using Ppd.Native;
using Ppd.Templates;
using Ppd.Testing;
using Ppd.Tests.Decoding;

namespace Ppd.Tests.Chat;

public sealed class ReplyStreamTests
{
    static readonly LlamaVocabulary Vocabulary = TestModels.Load("random").Vocabulary;
    static readonly ChatTemplate Template = ChatTemplate.Create(new ChatTemplateSource());

    [Fact]
    public async Task A_character_split_over_steps_arrives_whole()
    {
        var stream = Stream();
        foreach (var token in Bytes("a😀b")) stream.Accept([token], out _).ShouldBeTrue();
        stream.Complete(default);
        (await Read(stream)).ShouldBe(["a", "😀", "b"]);
    }

    [Fact]
    public async Task Bytes_that_are_not_text_become_replacement_characters()
    {
        var stream = Stream();
        stream.Accept([Byte(0xFF), Byte((byte)'a'), Byte(0xF0), Byte(0x9F)], out var kept).ShouldBeTrue();
        kept.ShouldBe(4);
        stream.Complete(default);
        string.Concat(await Read(stream)).ShouldBe("\uFFFDa\uFFFD");
    }

    [Fact]
    public async Task A_stop_across_steps_ends_the_reply_and_drops_the_tokens_behind_it()
    {
        var stream = Stream("END");
        stream.Accept(Bytes("one E"), out var kept).ShouldBeTrue();
        kept.ShouldBe(5);
        stream.Accept(Bytes("NDxyz"), out kept).ShouldBeFalse();
        kept.ShouldBe(2);
        stream.Complete(default);
        string.Concat(await Read(stream)).ShouldBe("one ");
    }

    [Fact]
    public void A_stop_completed_by_the_last_token_of_a_step_keeps_all_tokens()
    {
        var stream = Stream("END");
        stream.Accept(Bytes("one END"), out var kept).ShouldBeFalse();
        kept.ShouldBe(7);
    }

    [Fact]
    public async Task What_was_held_for_a_stop_is_released_at_the_end()
    {
        var stream = Stream("END");
        stream.Accept(Bytes("one EN"), out _).ShouldBeTrue();
        stream.Complete(default);
        (await Read(stream)).ShouldBe(["one ", "EN"]);
    }

    [Fact]
    public async Task A_failure_reaches_the_reader()
    {
        var stream = Stream();
        stream.Fail(new TimeoutException("the cause"));
        (await Should.ThrowAsync<TimeoutException>(() => Read(stream))).Message.ShouldBe("the cause");
    }

    static ReplyStream Stream(params string[] stops) =>
        new(Vocabulary, stops, new ReplyReader(new ChatPrompt(Template.Render([new("user", "a")]), ReplyLayout.Probe(Template, [], []), Tools: null), new CallIds([])), markers: "");

    static int Byte(byte value) => RandomVocabulary.FirstByteId + value;

    static int[] Bytes(string text) => [.. Encoding.UTF8.GetBytes(text).Select(Byte)];

    static async Task<List<string>> Read(ReplyStream stream)
    {
        List<string> items = [];
        await foreach (var item in stream.Contents.ReadAllAsync(TestContext.Current.CancellationToken)) items.Add(item.ShouldBeOfType<TextContent>().Text);
        return items;
    }
}
