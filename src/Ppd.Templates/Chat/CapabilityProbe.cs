using System.Text.Json;

namespace Ppd.Templates;

/// <summary>
/// Finds out what a template can do by rendering small conversations with recognisable words and looking which of them come out. A probe that
/// fails tells something too; nothing is thrown.
/// </summary>
sealed class CapabilityProbe(JinjaTemplate template, ChatTemplateSource tokens, TemplateLimits limits)
{
    const string SystemWord = "Zsystemz";
    const string UserWord = "Zuserz";
    const string ToolWord = "zprobetool";
    const string SecondToolWord = "zothertool";
    const string KeyWord = "zkeyz";
    const string ValueWord = "Zvaluez";
    const string ReasoningWord = "Zreasoningz";
    const string ResultWord = "Zresultz";

    static readonly JsonElement[] Tools = [Tool(ToolWord), Tool(SecondToolWord)];
    static readonly string[] ReasoningFields = ["reasoning_content", "thinking", "reasoning"];

    // Real templates take a few thousand steps for a probe.
    readonly TemplateLimits _limits = limits with { MaxSteps = Math.Min(limits.MaxSteps, 200_000) };

    // Set when a probe met a limit: the others would only cost as much again.
    bool _gaveUp;

    public ChatTemplateCapabilities Run()
    {
        var capabilities = new ChatTemplateCapabilities();
        capabilities = capabilities with { TypedContent = NeedsTypedContent(capabilities) };
        capabilities = capabilities with { SystemRole = RendersSystem(capabilities) };
        capabilities = capabilities with { Tools = RendersTools(capabilities), Thinking = TogglesThinking(capabilities) };
        if (!ShowsCall(capabilities) && ShowsCall(capabilities with { ContentBesideCalls = ContentBesideCalls.Null }))
            capabilities = capabilities with { ContentBesideCalls = ContentBesideCalls.Null };
        capabilities = capabilities with { ObjectArguments = PrefersObjectArguments(capabilities) };
        if (capabilities.ContentBesideCalls == ContentBesideCalls.Empty && AcceptsNullContent(capabilities))
            capabilities = capabilities with { ContentBesideCalls = ContentBesideCalls.AsGiven };
        capabilities = capabilities with
        {
            ToolCalls = RendersCalls(capabilities, 1),
            ParallelToolCalls = RendersCalls(capabilities, 2),
            ToolResults = RendersResults(capabilities),
        };
        capabilities = capabilities with { ReasoningField = FindReasoningField(capabilities) };
        return capabilities with { ReasoningBesideText = !capabilities.Reasoning || !capabilities.ToolCalls || TakesReasoningBesideText(capabilities) };
    }

    static TemplateMessage User { get; } = new("user", UserWord);

    bool NeedsTypedContent(ChatTemplateCapabilities capabilities) =>
        !Shows(UserWord, [User], capabilities) && Shows(UserWord, [User], capabilities with { TypedContent = true });

    // A template that cannot even render a user turn says nothing about system turns.
    bool RendersSystem(ChatTemplateCapabilities capabilities) =>
        Shows(SystemWord, [new("system", SystemWord), User], capabilities) || !Shows(UserWord, [User], capabilities);

    bool Shows(string word, TemplateMessage[] messages, ChatTemplateCapabilities capabilities) =>
        Render(messages, capabilities, withTools: false)?.Contains(word) == true || Render(messages, capabilities, withTools: true)?.Contains(word) == true;

    bool RendersTools(ChatTemplateCapabilities capabilities) =>
        Render([User], capabilities, withTools: true)?.Contains(ToolWord) == true
        || Render([new("system", SystemWord), User], capabilities, withTools: true)?.Contains(ToolWord) == true;

    bool TogglesThinking(ChatTemplateCapabilities capabilities) =>
        Render([User], capabilities, withTools: false, thinking: true) != Render([User], capabilities, withTools: false, thinking: false);

    bool RendersCalls(ChatTemplateCapabilities capabilities, int count)
    {
        var text = Render(Exchange(count, "Zcall"), capabilities, withTools: true);
        return text is not null && Enumerable.Range(1, count).All(i => text.Contains("Zcall" + i));
    }

    bool RendersResults(ChatTemplateCapabilities capabilities) =>
        Shows(ResultWord, [User, new("assistant", "Zanswerz"), new("tool", ResultWord) { ToolCallId = "probe0001", Name = ToolWord }], capabilities);

    // Whether a call is rendered with either form of arguments.
    bool ShowsCall(ChatTemplateCapabilities capabilities) => new[] { true, false }.Any(asObject =>
        Render(Exchange(1), capabilities with { ObjectArguments = asObject }, withTools: true)?.Contains(ValueWord) == true);

    bool PrefersObjectArguments(ChatTemplateCapabilities capabilities)
    {
        var asObject = Render(Exchange(1), capabilities with { ObjectArguments = true }, withTools: true);
        var asText = Render(Exchange(1), capabilities with { ObjectArguments = false }, withTools: true);
        var objectShows = asObject?.Contains(ValueWord) == true;
        var textShows = asText?.Contains(ValueWord) == true;
        // An object put into text prints as Python would; a string put through tojson comes out escaped twice.
        var objectIsClean = objectShows && !asObject!.Contains($"'{KeyWord}': ");
        var textIsClean = textShows && !asText!.Contains($"\\\"{KeyWord}\\\"");
        return objectIsClean || (!textIsClean && (objectShows || !textShows));
    }

    bool AcceptsNullContent(ChatTemplateCapabilities capabilities)
    {
        var empty = Render(Exchange(1), capabilities, withTools: true);
        var none = Render(Exchange(1), capabilities with { ContentBesideCalls = ContentBesideCalls.Null }, withTools: true);
        // Where null shows up it does as the word None.
        return none is not null && (none == empty || empty?.Contains("None") == true || !none.Contains("None"));
    }

    string? FindReasoningField(ChatTemplateCapabilities capabilities) => ReasoningFields.FirstOrDefault(field =>
    {
        var probed = capabilities with { ReasoningField = field };
        return Render(Exchange(1, reasoning: ReasoningWord), probed, withTools: true)?.Contains(ReasoningWord) == true
            || Render([User, new("assistant", "Zanswerz") { ReasoningContent = ReasoningWord }, User], probed, withTools: false)
                ?.Contains(ReasoningWord) == true;
    });

    // A template that drops one of the two is left as it is: it was made to.
    bool TakesReasoningBesideText(ChatTemplateCapabilities capabilities)
    {
        var exchange = Exchange(1, reasoning: ReasoningWord);
        exchange[1] = exchange[1] with { Content = "Ztextz" };
        return Render(exchange, capabilities, withTools: true) is not null;
    }

    // A user turn, calls, and their results. The first call's argument is what argument probes look for.
    static TemplateMessage[] Exchange(int calls, string value = ValueWord, string? reasoning = null)
    {
        var made = Enumerable.Range(1, calls).Select(i => new TemplateToolCall(
            $"probe000{i}", i == 1 ? ToolWord : SecondToolWord, Json($$"""{ "{{KeyWord}}": "{{value}}{{i}}" }"""))).ToArray();
        return
        [
            User,
            new TemplateMessage("assistant", null) { ToolCalls = made, ReasoningContent = reasoning },
            .. made.Select(call => new TemplateMessage("tool", ResultWord) { ToolCallId = call.Id, Name = call.Name }),
        ];
    }

    string? Render(TemplateMessage[] messages, ChatTemplateCapabilities capabilities, bool withTools, bool? thinking = null)
    {
        if (_gaveUp)
            return null;
        try
        {
            var options = new ChatRenderOptions { Tools = withTools ? Tools : null, EnableThinking = thinking };
            var variables = TemplateVariables.Build(tokens, options, MessageShaper.Shape(messages, capabilities));
            return template.RenderWithin(variables, options.Clock, _limits).Text;
        }
        catch (TemplateException e)
        {
            _gaveUp = e is TemplateLimitException;
            return null;
        }
    }

    static JsonElement Tool(string name) => Json(
        $$$"""
        {"type": "function", "function": {"name": "{{{name}}}", "description": "A probe.", "parameters":
        {"type": "object", "properties": {"{{{KeyWord}}}": {"type": "string", "description": "A key."}}, "required": ["{{{KeyWord}}}"] } } }
        """);

    static JsonElement Json(string text) => JsonElement.Parse(text);
}
