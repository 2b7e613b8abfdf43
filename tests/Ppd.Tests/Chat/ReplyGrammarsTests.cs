using System.Text.Json;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Ppd.Chat;
using Ppd.Tests.Chat.Tools;

namespace Ppd.Tests.Chat;

/// <summary>Requests of one kind share a grammar, and what a grammar leaves open is said once.</summary>
public sealed class ReplyGrammarsTests
{
    static readonly AIFunctionDeclaration Strict = Reply.Function("Strict", "s", """{"type": "object", "properties": {"list": {"type": "array", "uniqueItems": true}}}""");

    [Fact]
    public void Requests_that_differ_in_what_a_reply_may_be_have_different_grammars_and_others_share_one()
    {
        var grammars = new ReplyGrammars(new Lines());
        var schema = JsonElement.Parse("""{"type": "object", "properties": {"a": {"type": "boolean"}}}""");
        object?[] different =
        [
            For(Reply.Options()), For(Reply.Options(ChatToolMode.RequireAny)), For(Reply.Options(ChatToolMode.RequireSpecific("Clock_Now"))), For(Reply.Options(several: false)),
            For(new ChatOptions { Tools = [Reply.Clock] }), For(Reply.Options(), new AnswerFormat(schema, null)), For(new ChatOptions(), new AnswerFormat(schema, null)),
            For(new ChatOptions(), new AnswerFormat(null, null)), For(new ChatOptions(), new AnswerFormat(null, "root ::= \"a\"")), For(Reply.Options(), template: SampleTemplates.ThinksAtOnce),
        ];
        different.ShouldAllBe(constraint => constraint != null);
        different.Distinct().Count().ShouldBe(different.Length);
        For(Reply.Options()).ShouldBeSameAs(different[0]);
        For(new ChatOptions(), new AnswerFormat(schema, null)).ShouldBeSameAs(different[6]);
        For(new ChatOptions()).ShouldBeNull();
        For(Reply.Options(ChatToolMode.None)).ShouldBeNull();
        for (var i = 0; i < 40; i++) For(new ChatOptions(), new AnswerFormat(null, $"root ::= \"{i}\""));
        For(Reply.Options()).ShouldNotBeSameAs(different[0], "what was not used for long is made anew");

        object? For(ChatOptions options, AnswerFormat? answer = null, string template = SampleTemplates.Hermes) => grammars.For(Reply.Prompt(template, options), answer);
    }

    [Fact]
    public void Function_that_cannot_be_held_to_its_schema_is_logged_once()
    {
        var lines = new Lines();
        var grammars = new ReplyGrammars(lines);
        foreach (var tools in new AITool[][] { [Strict], [Strict], [Strict, Reply.Clock] })
            grammars.For(Reply.Prompt(SampleTemplates.Hermes, new ChatOptions { Tools = tools }), null).ShouldNotBeNull();
        lines.ShouldHaveSingleItem().ShouldContain("'Strict'");
        lines[0].ShouldContain("uniqueItems");
        lines[0].ShouldStartWith("Warning");
    }

    sealed class Lines : List<string>, ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => Add($"{logLevel}: {formatter(state, exception)}");
    }
}
