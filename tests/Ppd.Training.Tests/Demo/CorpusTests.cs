using System.Text.Json;
using Ppd.Training.Demo.Corpus;
using Ppd.Training.Demo.Exam;
using Ppd.Training.Demo.Training;

namespace Ppd.Training.Tests.Demo;

public sealed class CorpusTests
{
    static readonly Conversation[] Conversations = [.. Enumerable.Range(0, 3000).Select(number => new Lessons(3).Make(number, copyShare: 0.3))];

    [Fact]
    public void The_same_seed_and_number_give_the_same_conversation()
    {
        LessonReader.Render(new Lessons(3).Make(17, copyShare: 0.3)).Text.ShouldBe(LessonReader.Render(Conversations[17]).Text);
        LessonReader.Render(new Lessons(4).Make(17, copyShare: 0.3)).Text.ShouldNotBe(LessonReader.Render(Conversations[17]).Text);
    }

    [Fact]
    public void No_pattern_leaves_a_slot_or_an_alternative_behind()
    {
        string[] slots = ["city", "product", "minutes", "room", "state", "a", "b", "op", "n", "kind", "large", "small", "animal", "name", "friend", "other", "place", "thing", "feeling", "topic", "customer", "goods", "text"];
        var texts = Conversations.SelectMany(conversation => conversation.Messages).Select(message => message.Content ?? "").ToArray();
        texts.ShouldNotContain(text => slots.Any(slot => text.Contains('{' + slot + '}')));
        texts.ShouldNotContain(text => text.Contains('|'));
    }

    [Fact]
    public void Every_call_is_to_an_offered_tool_with_its_arguments_in_the_text()
    {
        var calls = 0;
        foreach (var conversation in Conversations)
        {
            var offered = conversation.Tools.Select(tool => tool.GetProperty("function")).ToDictionary(f => f.GetProperty("name").GetString()!, f => f.GetProperty("parameters").GetProperty("properties"));
            foreach (var call in conversation.Messages.SelectMany(message => message.ToolCalls ?? []))
            {
                call.Arguments.EnumerateObject().Select(argument => argument.Name).ShouldBe(offered[call.Name].EnumerateObject().Select(property => property.Name));
                calls++;
            }
        }
        calls.ShouldBeGreaterThan(2000);
    }

    [Fact]
    public void Every_conversation_ends_with_the_assistant_and_fits_the_context()
    {
        Conversations.Select(conversation => conversation.Messages[^1].Role).Distinct().ShouldBe(["assistant"]);
        Conversations.Max(conversation => LessonReader.Render(conversation).Text.Length).ShouldBeLessThan(4000);
    }

    [Fact]
    public void Requests_of_the_examination_occur_in_no_lesson()
    {
        var lessons = Conversations.SelectMany(conversation => conversation.Messages).Where(message => message.Role == "user").Select(message => message.Content!.TrimEnd('?', '.', '!').ToLowerInvariant()).ToHashSet();
        var questions = ToolExam.Questions(500, 1, usual: false).Select(question => question.Request.TrimEnd('?', '.', '!').ToLowerInvariant()).ToArray();
        questions.Distinct().Count().ShouldBeGreaterThan(200);
        questions.ShouldNotContain(question => lessons.Contains(question));
    }

    [Fact]
    public void Orders_of_the_examination_occur_in_no_lesson_and_say_all_that_is_asked()
    {
        var lessons = Conversations.SelectMany(conversation => conversation.Messages).Where(message => message.Role == "user").Select(message => message.Content!).ToHashSet();
        var random = new Random(1);
        var questions = Enumerable.Range(0, 200).Select(_ => OrderTalk.Exam(random)).ToArray();
        questions.ShouldNotContain(question => lessons.Contains(question.Request));
        foreach (var (request, order) in questions)
        {
            var values = JsonDocument.Parse(order).RootElement.EnumerateObject().ToArray();
            values.Select(value => value.Name).ShouldBe(["customer", "city", "product", "quantity"]);
            values.ShouldAllBe(value => request.Contains(value.Value.ToString(), StringComparison.Ordinal) || request.Contains(Words.Plural(value.Value.ToString()), StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Two_requests_in_one_message_are_called_one_after_the_other_and_answered_together()
    {
        var pairs = Conversations.SelectMany(conversation => conversation.Messages.Index().Where(message => message.Index > 1 && message.Item.ToolCalls is not null && conversation.Messages[message.Index - 1].Role == "tool")
            .Select(message => conversation.Messages.Skip(message.Index - 3).Take(6).Select(m => m.Role).ToArray())).ToArray();
        pairs.Length.ShouldBeGreaterThan(100);
        pairs.ShouldAllBe(roles => roles.SequenceEqual(new[] { "user", "assistant", "tool", "assistant", "tool", "assistant" }));
        ToolExam.SecondRequests(50, 1).Select(question => question.Conversation.Messages.Last().Role).Distinct().ShouldBe(["tool"]);
    }

    [Theory]
    [InlineData("<tool_call>\n{\"name\": \"f\", \"arguments\": {\"a\": 1}}\n</tool_call>", true)]
    [InlineData("<tool_call>\n{\"name\": \"f\", \"arguments\": {\"a\": 2}}\n</tool_call>", false)]
    [InlineData("<tool_call>\n{\"name\": \"g\", \"arguments\": {\"a\": 1}}\n</tool_call>", false)]
    [InlineData("<tool_call>\n{\"name\": \"f\"}\n</tool_call>", false)]
    [InlineData("<tool_call>\n{\"name\": \"f\", \"argu\n</tool_call>", false)]
    [InlineData("Sure. <tool_call>\n{\"name\": \"f\", \"arguments\": {\"a\": 1}}\n</tool_call>", false)]
    public void Only_the_right_call_alone_passes_the_examination(string reply, bool passes)
    {
        var question = new ToolExam.Question(new Conversation([], []), "", "f", JsonDocument.Parse("{\"a\": 1}").RootElement);
        question.IsAnsweredBy(reply).ShouldBe(passes);
    }
}
