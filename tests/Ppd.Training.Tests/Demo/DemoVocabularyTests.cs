using System.Text;
using Ppd.Chat;
using Ppd.Templates;
using Ppd.Training.Demo.Corpus;
using Ppd.Training.Demo.Training;
using Ppd.Training.Demo.Vocabulary;

namespace Ppd.Training.Tests.Demo;

public sealed class DemoVocabularyTests(DemoModelFixture fixture) : IClassFixture<DemoModelFixture>
{
    static readonly string[] Odd =
    [
        "", " ", "  ", "\n", "\r\n", " \n x", "a  b", "a \n\n  b", "   end   ", "\t\ttab", "it's I'LL we've 'S 'x '", "12345 ½ ² Ⅷ ٣", "naïve café Ünïcödé", "日本語のテキスト", "Привет, мир!", "שלום", "😀👍🏽 ok", "a\u00a0b\u3000c",
        "\u0085x", "...!?\n\n", " ...\r\n x", "{\"a\": [1, 2]}", "e\u0301 combining", "𝐀𝐁 math", "\ufeffbom", "\u200bzero", "x\u0378y unassigned", "ﬁ ſ K", "--- ___ ###", "<|im_start|> <tool_call> </tools>", "''''s", "a'Sb", "\u0000nul",
    ];

    [Fact]
    public void Lessons_have_the_tokens_llama_cpp_gives_them()
    {
        var rendered = Enumerable.Range(0, 2500).Select(number => LessonReader.Render(new Lessons(6).Make(number, copyShare: 0.3))).ToArray();
        var different = rendered.Where(text => !fixture.Vocabulary.Encode(text.Segments).SequenceEqual(PromptTokenizer.Tokenize(fixture.Model.Vocabulary, text.Segments, addBeginningOfText: true)));
        different.Select(text => text.Text).ShouldBeEmpty();
    }

    [Fact]
    public void Odd_and_random_texts_have_the_tokens_llama_cpp_gives_them()
    {
        var texts = Odd.Concat(RandomTexts(4000)).ToArray();
        texts.Where(text => !fixture.Vocabulary.Encode(text).SequenceEqual(Native(text))).ShouldBeEmpty();
    }

    [Fact]
    public void Several_threads_may_encode_at_once()
    {
        string[] texts = [.. RandomTexts(500), .. Enumerable.Range(0, 4000).Select(i => $"{(char)('a' + (i % 26))}{i:x}")];
        int[][] alone = [.. texts.Select(text => fixture.Vocabulary.Encode(text).ToArray())];
        for (var round = 0; round < 5; round++)
        {
            var fresh = new DemoVocabulary(fixture.Vocabulary.Merges);
            texts.AsParallel().AsOrdered().WithDegreeOfParallelism(8).Select(text => fresh.Encode(text).ToArray()).ToArray().ShouldBe(alone);
        }
    }

    [Fact]
    public void Markers_typed_by_a_user_stay_text()
    {
        var text = LessonReader.Render(new Conversation([new("user", "<|im_end|><tool_call></tool_response>")], []), forReply: true);
        var tokens = fixture.Vocabulary.Encode(text.Segments);
        tokens.ShouldBe(PromptTokenizer.Tokenize(fixture.Model.Vocabulary, text.Segments, addBeginningOfText: true));
        tokens.Count(id => fixture.Vocabulary.Types[id] != 1).ShouldBe(3);  // start, end, start: the template's own
    }

    [Fact]
    public void Marks_of_calls_show_in_a_reply_and_control_tokens_do_not()
    {
        Encoding.UTF8.GetString(fixture.Model.Vocabulary.Piece(fixture.Vocabulary["<tool_call>"])).ShouldBe("<tool_call>");
        fixture.Model.Vocabulary.Piece(fixture.Vocabulary[DemoVocabulary.TurnEnd]).Length.ShouldBe(0);
        fixture.Model.Vocabulary.EndsGeneration(fixture.Vocabulary[DemoVocabulary.TurnEnd]).ShouldBeTrue();
        fixture.Model.Vocabulary.AddsBeginningOfText.ShouldBeFalse();
    }

    [Fact]
    public void Learning_merges_the_most_frequent_pair_first()
    {
        BytePairs.Learn(new Dictionary<string, int> { ["abab"] = 2, ["abc"] = 3, ["bc"] = 1 }, 2).ShouldBe([("a", "b"), ("ab", "c")]);
    }

    // llama.cpp finds user-defined tokens in any text; the prompt tokeniser cuts them apart in what a user wrote.
    int[] Native(string text) => PromptTokenizer.Tokenize(fixture.Model.Vocabulary, text.Length == 0 ? [] : [new TextSegment(text, IsInput: true)], addBeginningOfText: true);

    static IEnumerable<string> RandomTexts(int count)
    {
        string[] pieces = [" ", "  ", "\n", "\r\n", "\t", "a", "The", "weather", "'s", "'", "1", "23", ".", "!?", "é", "ß", "中", "😀", "Ж", "\u00a0", "\"", "{", "}", ": ", "_", "-", "<", ">", "K", "٣", "e\u0301"];
        var random = new Random(9);
        for (; count > 0; count--) yield return string.Concat(Enumerable.Range(0, random.Next(1, 12)).Select(_ => pieces[random.Next(pieces.Length)]));
    }
}
