namespace Ppd.SemanticKernel.Tests.Tools;

/// <summary>Markers of calls that are control tokens, which stand for nothing in a reply otherwise.</summary>
public sealed class ControlTokenTests
{
    const string Template = """
        {%- for tool in tools or [] %}{{ tool | tojson }}{% endfor %}
        {%- for m in messages %}{% if m.role == 'user' %}[INST]{{ m.content }}[/INST]{% else %}{{ m.content }}{% endif %}
        {%- for call in m.tool_calls %}[TOOL_CALLS]{{ call.function.name }}[CALL_ID]{{ call.id }}[ARGS]{{ call.function.arguments | tojson }}{% endfor %}{% endfor %}
        {%- if add_generation_prompt %}<|round_0|>{% endif %}
        """;

    static readonly AITool Clock = AIFunctionFactory.Create((string zone) => zone, "Clock_Now", "Tells the time.").AsDeclarationOnly();

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Markers_are_seen_where_calls_are_read_and_nowhere_else()
    {
        using var scripted = Scripted("Lo[MARK]ok: [TOOL_CALLS]Clock_Now[CALL_ID]abcdef123[ARGS]{\"zone\": \"UTC\"}");
        var reply = await Ask(scripted, new ChatOptions { Tools = [Clock] });
        reply.Text.ShouldBe("Look: ");
        var call = reply.Messages[0].Contents.OfType<Microsoft.Extensions.AI.FunctionCallContent>().ShouldHaveSingleItem();
        (call.Name, call.CallId, call.Arguments!["zone"]!.ToString()).ShouldBe(("Clock_Now", "abcdef123", "UTC"), "[MARK] is no part of the layout");
        (await Ask(scripted, new ChatOptions())).Text.ShouldBe("Look: Clock_Nowabcdef123{\"zone\": \"UTC\"}");
        (await Ask(scripted, new ChatOptions { Tools = [Clock], ToolMode = ChatToolMode.None })).Text.ShouldBe("Look: Clock_Nowabcdef123{\"zone\": \"UTC\"}");
    }

    [Fact]
    public async Task Markers_are_forced_as_tokens_where_a_call_is_required()
    {
        using var scripted = Scripted("[TOOL_CALLS]Clock_Now[CALL_ID]abcdef123[ARGS]{\"zone\": \"UTC\"}");
        foreach (var drafts in new[] { 0, 8 })
        {
            var reply = await Ask(scripted, new ChatOptions { Tools = [Clock], ToolMode = ChatToolMode.RequireAny, AdditionalProperties = new() { ["draft_tokens"] = drafts } });
            reply.Messages[0].Contents.OfType<Microsoft.Extensions.AI.FunctionCallContent>().ShouldHaveSingleItem().CallId.ShouldBe("abcdef123");
        }
    }

    [Fact]
    public async Task Call_that_is_cut_off_keeps_its_markers()
    {
        using var scripted = Scripted("[TOOL_CALLS]Clock_Now[CALL_ID]abcdef123[ARGS]{\"zone\": \"UTC\"}");
        (await Ask(scripted, new ChatOptions { Tools = [Clock], MaxOutputTokens = 5 })).Text.ShouldStartWith("[TOOL_CALLS]Clock_Now[CALL");
    }

    static ScriptedKernel Scripted(string reply) => new([reply], [], Template, "[TOOL_CALLS]", "[CALL_ID]", "[ARGS]", "[MARK]");

    static Task<ChatResponse> Ask(ScriptedKernel scripted, ChatOptions options)
    {
        options.Temperature = 0;
        return scripted.Client.GetResponseAsync("a", options, Cancel);
    }
}
