using Ppd.Templates;
using Spectre.Console;

namespace Ppd.Cli.Inspect;

/// <summary>Facts as text.</summary>
sealed class InspectReport(IAnsiConsole console)
{
    const int TemplateLines = 4;

    static readonly Style Good = new(Color.Green);

    readonly LabelledRows _rows = new(console);

    public void Write(PromptTokenFacts facts)
    {
        _rows.Section("Prompt tokens");
        PromptTokenReport.Write(_rows, facts);
        console.WriteLine();
        if (facts.Error is null) console.WriteLine(facts.FitsModel is true ? "These prompt tokens can be used with the model beside them." : "These prompt tokens can be used with their model.", Good);
        else console.WriteLine("These prompt tokens cannot be used.", LabelledRows.Bad);
    }

    public void Write(ModelFacts facts, bool wholeTemplate)
    {
        WriteModel(facts);
        WriteTokenizer(facts.Tokenizer);
        WriteTemplate(facts.ChatTemplate, wholeTemplate);
        WriteEngine(facts);
        WritePromptTokens(facts);
        WriteRuntime(facts.Runtime);
        console.WriteLine();
        if (facts.Obstacle is { } obstacle) console.WriteLine($"This model cannot be used here: {obstacle}.", LabelledRows.Bad);
        else console.WriteLine("This model can be used here.", Good);
    }

    void WriteModel(ModelFacts facts)
    {
        var (model, weights) = (facts.Model, facts.Weights);
        _rows.Section("Model");
        _rows.Row("name", model.Name);
        _rows.Row("architecture", model.Architecture);
        _rows.Row("parameters", $"{Quantity.Count(model.Parameters)} ({model.Parameters})");
        _rows.Row("layers", $"{model.Layers}, width {model.EmbeddingLength}, {model.Heads} heads of {model.HeadLength}, {model.KvHeads} KV heads" +
            (model.Experts > 0 ? $", {model.Experts} experts" : ""));
        _rows.Row("trained context", $"{model.ContextLength} tokens");
        _rows.Row("file", facts.File.Path);
        _rows.Row("size on disk", $"{Quantity.Bytes(facts.File.Bytes)}, GGUF version {facts.File.GgufVersion}, {facts.File.Tensors} tensors");
        _rows.Row("quantisation", weights.Quantisation ?? "not named in the file");
        _rows.Row("weight types", string.Join(", ", weights.Types.Select(type => FormattableString.Invariant($"{type.Type} {100 * type.Share:0.#}%"))));
    }

    void WriteTokenizer(TokenizerFacts tokenizer)
    {
        _rows.Section("Tokeniser");
        _rows.Row("kind", tokenizer.Pre is { } pre ? $"{tokenizer.Model}, pre-tokeniser {pre}" : tokenizer.Model);
        _rows.Row("vocabulary", $"{tokenizer.Tokens} tokens");
        _rows.Row("special tokens", tokenizer.SpecialTokens.Count == 0
            ? "none named in the file"
            : string.Join(", ", tokenizer.SpecialTokens.Select(token => $"{token.Name} {token.Id} {token.Text.ReplaceLineEndings("\\n")}")));
        if (tokenizer.AddsBeginningOfText is { } adds) _rows.Row("prompt begins with", adds ? "the bos token" : "no bos token");
    }

    void WriteTemplate(TemplateFacts template, bool whole)
    {
        _rows.Section("Chat template");
        _rows.Row("in the file", template.InFile ? "yes" : "no; ChatML is used, which the model may not know");
        if (template.Variants.Count > 0) _rows.Row("variants", string.Join(", ", template.Variants.Keys));
        if (template.Capabilities is { } capabilities)
        {
            var found = Capabilities(capabilities).ToLookup(capability => capability.Present, capability => capability.Name);
            if (found[true].Any()) _rows.Row("can render", string.Join(", ", found[true]));
            if (found[false].Any()) _rows.Row("cannot render", string.Join(", ", found[false]));
        }
        if (template.Error is { } error) _rows.Row("problem", error, LabelledRows.Bad);
        if (template.Text is { } text) WriteText("text", text, whole);
        foreach (var (name, variant) in template.Variants.Where(_ => whole)) WriteText(name, variant, whole);
    }

    void WriteText(string label, string text, bool whole)
    {
        var lines = text.ReplaceLineEndings("\n").Split('\n');
        if (whole)
        {
            _rows.Row(label, $"{lines.Length} lines:");
            foreach (var line in lines) console.WriteLine(Terminal.Safe(line));
            return;
        }
        var most = Math.Min(console.Profile.Width, 100) - LabelledRows.Indent - 1;
        _rows.Row(label, string.Join('\n', lines.Take(TemplateLines).Select(line => line.Length > most ? line[..(most - 1)] + "…" : line)));
        if (lines.Length > TemplateLines || lines.Any(line => line.Length > most)) _rows.Row("", $"({lines.Length} lines, {text.Length} characters; --template prints all)", LabelledRows.Label);
    }

    static IEnumerable<(string Name, bool Present)> Capabilities(ChatTemplateCapabilities capabilities) =>
    [
        ("system messages", capabilities.SystemRole),
        ("tools", capabilities.Tools),
        ("tool calls", capabilities.ToolCalls),
        ("parallel tool calls", capabilities.ParallelToolCalls),
        ("a thinking switch", capabilities.Thinking),
        ("earlier reasoning", capabilities.Reasoning),
    ];

    void WriteEngine(ModelFacts facts)
    {
        var (engine, cache) = (facts.Engine, facts.Cache);
        _rows.Section("Engine");
        _rows.Row("context", $"{cache.ContextLength} tokens by default, {facts.Model.ContextLength} at most" +
            (engine.LearnedPositions ? "; positions are learned, none exists beyond" : ""));
        if (engine.SlidingWindow is { } window) _rows.Row("sliding window", $"some layers see the last {window} tokens only");
        _rows.Row("KV cache", $"{Quantity.Bytes(cache.BytesPerToken)} per token; {Quantity.Bytes(cache.Bytes)} for {cache.Slots} slots of {cache.ContextLength} tokens");
        var needed = facts.Weights.Bytes + cache.Bytes;
        _rows.Row("memory", $"{Quantity.Bytes(needed)} for weights and cache; the machine has {Quantity.Bytes(cache.MachineBytes)}",
            needed > cache.MachineBytes ? LabelledRows.Warning : Style.Plain);
    }

    void WritePromptTokens(ModelFacts facts)
    {
        _rows.Section("Prompt tokens");
        _rows.Row("possible", facts.Engine.AcceptsEmbeddingRows ? "yes: the model takes embedding rows" : "no: the model takes no embedding rows");
        if (facts.PromptTokens is { } promptTokens) PromptTokenReport.Write(_rows, promptTokens);
        else _rows.Row("file", "none beside the model");
    }

    void WriteRuntime(RuntimeFacts runtime)
    {
        _rows.Section("llama.cpp");
        if (runtime.Error is { } error)
        {
            _rows.Row("problem", error, LabelledRows.Bad);
            return;
        }
        _rows.Row("version", $"{runtime.Version}, struct layout {runtime.Layout}");
        _rows.Row("folder", runtime.Folder is { Length: > 0 } folder ? folder : "found by the system");
        foreach (var device in runtime.Devices)
            _rows.Row("device", $"{device.Name}: {device.Description.Trim()}" +
                (device.TotalMemory > 0 ? $", {Quantity.Bytes(device.FreeMemory)} of {Quantity.Bytes(device.TotalMemory)} free" : ""));
        _rows.Row("system info", runtime.SystemInfo ?? "");
    }
}
