using System.Text.Json;
using Ppd.Chat;
using Ppd.Chat.Tools;
using Ppd.Templates;
using Ppd.Testing;

namespace Ppd.Tests.Chat.Tools;

/// <summary>Every published template: what kind of calls it writes, or why they cannot be read; and that what it writes is read back.</summary>
public sealed class PublishedFormatTests
{
    // the kind of every template in the shared data; a name more or less there is a failure here
    const string Expected = """
        Apertus-8B-Instruct JsonObject
        Apriel-1.6-15b-Thinker-fixed JsonObject thinks
        Bielik-11B-v3.0-Instruct JsonObject thinks
        ByteDance-Seed-OSS Tagged thinks
        Cohere2MoE JsonObject thinks
        CohereForAI-c4ai-command-r-plus-tool_use JsonObject
        GLM-4.6 Tagged thinks
        GLM-4.7-Flash Tagged thinks
        GigaChat3-10B-A1.8B refused: calls begin behind the end of the reply ('<|message_sep|>')
        GigaChat3.1-10B-A1.8B JsonObject
        HuggingFaceTB-SmolLM3-3B Generic thinks
        Kimi-K2-Instruct NamedJson
        Kimi-K3 refused: calls begin behind the end of the reply ('<|close|>')
        LFM2-8B-A1B LFM2
        LFM2.5-8B-A1B Python thinks
        LFM2.5-Instruct LFM2
        MiMo-VL JsonObject
        MiniMax-M1 JsonObject
        MiniMax-M3 Tagged thinks
        Mistral-Small-3.2-24B-Instruct-2506 NamedJson
        NVIDIA-Nemotron-3-Nano-30B-A3B-BF16 Tagged thinks
        NVIDIA-Nemotron-Nano-v2 JsonObject thinks
        NousResearch-Hermes-2-Pro-Llama-3-8B-tool_use JsonObject
        NousResearch-Hermes-3-Llama-3.1-8B-tool_use JsonObject
        Qwen-Qwen2.5-7B-Instruct JsonObject
        Qwen-Qwen3-0.6B JsonObject thinks
        Qwen3-Coder Tagged
        Qwen3.5-4B Tagged thinks
        Reka-Edge JsonObject thinks
        StepFun3.5-Flash Tagged thinks
        deepseek-ai-DeepSeek-R1-Distill-Llama-8B NamedJson thinks
        deepseek-ai-DeepSeek-R1-Distill-Qwen-32B NamedJson thinks
        deepseek-ai-DeepSeek-V3.1 NamedJson thinks
        deepseek-ai-DeepSeek-V3.2 Tagged thinks
        deepseek-ai-DeepSeek-V4-Flash-0731 Tagged thinks
        fireworks-ai-llama-3-firefunction-v2 Generic
        google-gemma-2-2b-it Generic
        google-gemma-4-31B-it Gemma thinks
        google-gemma-4-31B-it-interleaved Gemma thinks
        ibm-granite-granite-3.3-2B-Instruct Granite 3
        ibm-granite-granite-4.0 JsonObject
        inclusionai-ling-3.0-flash Tagged thinks
        llama-cpp-deepseek-r1 NamedJson thinks
        llama-cpp-rwkv-world Generic thinks
        meetkai-functionary-medium-v3.1 NamedJson
        meetkai-functionary-medium-v3.2 refused: answers in words begin with 'all ', a header that is not known here
        meta-llama-Llama-3.1-8B-Instruct JsonObject
        meta-llama-Llama-3.3-70B-Instruct JsonObject
        microsoft-Phi-3.5-mini-instruct Generic
        mistralai-Ministral-3-14B-Reasoning-2512 NamedJson thinks
        mistralai-Mistral-Nemo-Instruct-2407 JsonObject
        moonshotai-Kimi-K2 NamedJson
        muse-glimmer refused: answers in words begin with 'user<|message|>', a header that is not known here
        openbmb-MiniCPM5-1B Tagged thinks
        poolside-Laguna-S-2.1 Tagged thinks
        poolside-Laguna-XS-2.1 Tagged thinks
        poolside-Laguna-XS.2 Tagged thinks
        tencent-Hy3 Tagged thinks
        unsloth-Apriel-1.5 JsonObject
        upstage-Solar-Open-100B NamedJson thinks
        """;

    // the forecast's arguments, in the order of the schema
    const string Arguments = """{"city": "Saint-Étienne \"\\ <b>", "days": 3, "exact": true, "places": [1, "two"], "filter": {"a": {"b": null}}, "note": "x"}""";

    static readonly ToolSet Tools = new([Reply.Weather, Reply.Clock]);

    static readonly ToolRequest Request = new(Tools, ReadsCalls: true, IsRequired: false, RequiredName: null, AllowsSeveral: true);

    [Fact]
    public void Every_template_has_a_format_or_a_reason_why_not()
    {
        Assert.SkipUnless(SharedData.Available, SharedData.Missing);
        var found = TemplateData.Names.Select(name => (name, layout: TemplateData.Layout(name)))
            .Select(t => $"{t.name} {(t.layout.Calls is { } calls ? calls.Family : $"refused: {t.layout.Refusal!.ReplaceLineEndings(" ")}")}{(t.layout.Reasoning != null ? " thinks" : "")}");
        found.ShouldBe(Expected.Split('\n').Order(StringComparer.Ordinal));
    }

    [Fact]
    public void What_a_format_writes_is_read_back_however_it_is_cut()
    {
        Assert.SkipUnless(SharedData.Available, SharedData.Missing);
        List<string> read = [];
        foreach (var name in TemplateData.Names)
        {
            var (template, layout) = (TemplateData.Load(name), TemplateData.Layout(name));
            if (layout.Calls is not { } format || !Renders(template, layout)) continue;
            var prompt = Reply.Prompt(template, layout, Request);
            TemplateToolCall[] calls = [new("abcdef123", "Weather_GetForecast", JsonElement.Parse(Arguments)), new("abcdef124", "Clock_Now", JsonElement.Parse("{}"))];
            var several = format.Between != null;
            // JSON behind text that nothing marks as a call is text
            var said = format.MarksCalls ? "Let me look. " : "";
            var text = $"{said}{string.Concat(format.Write(several ? calls : calls[..1]).Select(piece => piece.Text))}";
            // the thoughts that the prompt opened
            if (prompt.StartsInReasoning) text = $"Hm.{layout.Reasoning!.CloseText}{text}";
            var expected = $$"""{Weather_GetForecast {{Compact(Arguments)}}}{{(several ? "{Clock_Now {}}" : "")}}""";
            var line = Reply.ReadCutEverywhere(prompt, text);
            line.Replace("[Hm.]", "").Replace("Let me look.", "").Trim().ShouldBe(expected, $"{name}: {text}");
            line.ShouldContain(said.Trim());
            read.Add(name);
        }
        read.Count.ShouldBeGreaterThan(50);
    }

    [Fact]
    public void What_a_template_writes_is_read_back()
    {
        Assert.SkipUnless(SharedData.Available, SharedData.Missing);
        List<string> read = [];
        foreach (var name in TemplateData.Names)
        {
            var (template, layout) = (TemplateData.Load(name), TemplateData.Layout(name));
            // writes lists and objects as tags within tags
            if (!layout.TemplateShowsCalls || name == "MiniMax-M3") continue;
            List<TemplateMessage> turns =
            [
                new("user", "Zuserz"),
                new("assistant", null) { ToolCalls = [new("abcdef123", "Weather_GetForecast", JsonElement.Parse("""{"city": "Rome \"<b>", "days": 3, "exact": true, "filter": {"a": {"b": 2}}, "note": "x", "places": [1, "two"]}"""))] },
            ];
            var options = new ChatRenderOptions { Tools = layout.TemplateShowsTools ? Tools.Definitions : null, AddGenerationPrompt = false };
            if (TryRender(template, turns, options) is not { } text) continue;
            var call = text[(text.LastIndexOf("Zuserz", StringComparison.Ordinal) + 6)..];
            var open = layout.Calls!.Triggers[0].Trigger;
            call = call[call.IndexOf(open == "{" ? "{\"name\"" : open, StringComparison.Ordinal)..];
            var output = new ReplyOutput(Request, new CallIds([]), severalCalls: true);
            new ToolCallReader(layout.Calls, Tools, output).Push(call, complete: true);
            var line = Reply.Line(output.Take());
            line.ShouldStartWith("""{Weather_GetForecast {"city":"Rome \"<b>","days":3,"exact":true,"filter":{"a":{"b":2}},"note":"x","places":[1,"two"]}}""", Case.Sensitive, $"{name}: {call}");
            read.Add(name);
        }
        read.Count.ShouldBeGreaterThanOrEqualTo(44);
    }

    static bool Renders(ChatTemplate template, ReplyLayout layout) =>
        TryRender(template, [new("user", "a")], new ChatRenderOptions { Tools = layout.TemplateShowsTools ? Tools.Definitions : null }) != null;

    static string? TryRender(ChatTemplate template, List<TemplateMessage> turns, ChatRenderOptions options)
    {
        try
        {
            return template.Render(turns, options).Text;
        }
        catch (TemplateException)
        {
            return null;
        }
    }

    static string Compact(string json) => JsonSerializer.Serialize(JsonElement.Parse(json), new JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
