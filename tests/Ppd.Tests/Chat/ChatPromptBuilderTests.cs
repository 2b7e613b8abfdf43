using Microsoft.Extensions.AI;
using Ppd.Tests.Decoding;

namespace Ppd.Tests.Chat;

public sealed class ChatPromptBuilderTests
{
    const string Template = "{% for m in messages %}[{{ m.role }}]{% if m.name %}({{ m.name }}){% endif %}{{ m.content }}\n{% endfor %}{% if add_generation_prompt %}[assistant]{% endif %}";

    [Fact]
    public void Messages_go_through_the_template_in_order()
    {
        using var model = Load(Template);
        model.RenderPrompt([new(ChatRole.System, "be kind"), new(ChatRole.User, "hi") { AuthorName = "Ann" }, new(ChatRole.Assistant, "hello"), new(ChatRole.User, "bye")])
            .ShouldBe("[system]be kind\n[user](Ann)hi\n[assistant]hello\n[user]bye\n[assistant]");
    }

    [Fact]
    public void Instructions_come_first_as_a_system_message()
    {
        using var model = Load(Template);
        model.RenderPrompt([new(ChatRole.User, "hi")], new ChatOptions { Instructions = "answer in French" }).ShouldBe("[system]answer in French\n[user]hi\n[assistant]");
    }

    [Fact]
    public void Text_parts_are_joined_and_tokens_counted()
    {
        using var model = Load(Template);
        ChatMessage[] messages = [new(ChatRole.User, [new TextContent("one "), new TextContent("two")])];
        model.RenderPrompt(messages).ShouldBe("[user]one two\n[assistant]");
        model.CountTokens(messages).ShouldBe(model.Prompts.Tokenize(messages, null).Length);
        model.CountTokens(messages).ShouldBeGreaterThan(10);
    }

    [Fact]
    public void Content_other_than_text_is_refused_by_name()
    {
        using var model = Load(Template);
        var message = new ChatMessage(ChatRole.User, [new DataContent(new byte[] { 1 }, "image/png")]);
        Should.Throw<NotSupportedException>(() => model.RenderPrompt([message])).Message.ShouldContain(nameof(DataContent));
    }

    [Fact]
    public void No_messages_are_refused()
    {
        using var model = Load(Template);
        Should.Throw<ArgumentException>(() => model.RenderPrompt([])).Message.ShouldContain("at least one");
    }

    [Fact]
    public void Template_that_refuses_the_messages_is_a_typed_error_with_its_words()
    {
        using var model = Load("{% if messages[0].role == 'assistant' %}{{ raise_exception('start with the user') }}{% endif %}{{ messages[0].content }}");
        model.RenderPrompt([new(ChatRole.User, "hi")]).ShouldBe("hi");
        Should.Throw<PpdTemplateException>(() => model.RenderPrompt([new(ChatRole.Assistant, "no")])).Message.ShouldContain("start with the user");
    }

    [Fact]
    public void Template_that_is_not_jinja_stops_the_load_with_a_typed_error() =>
        Should.Throw<PpdTemplateException>(() => Load("{% if %}")).Message.ShouldContain("line 1");

    static PpdModel Load(string template) => PpdModel.Load(new PpdModelOptions { ModelPath = TestModels.RandomPath, Threads = 1, Slots = 1, GpuLayers = 0, ChatTemplate = template });
}
