using Ppd.Templates;
using Spectre.Console;

namespace Ppd.Cli.Inspect;

/// <summary>Facts as text: sections of labelled rows, long ones wrapped where the console has a width.</summary>
sealed class InspectReport(IAnsiConsole console)
{
    const int LabelWidth = 18;
    const int TemplateLines = 4;

    static readonly Style Heading = new(decoration: Decoration.Bold), Label = new(decoration: Decoration.Dim);
    static readonly Style Good = new(Color.Green), Warning = new(Color.Yellow), Bad = new(Color.Red);

    public void Write(ModelFacts facts, bool wholeTemplate)
    {
        WriteModel(facts);
        WriteTokenizer(facts.Tokenizer);
        WriteTemplate(facts.ChatTemplate, wholeTemplate);
        WriteEngine(facts);
        WriteRuntime(facts.Runtime);
        console.WriteLine();
        if (facts.Usable) console.WriteLine("This model can be used here.", Good);
        else console.WriteLine($"This model cannot be used here: {(facts.Runtime.Error is null ? "its chat template is refused" : "there is no llama.cpp to run it")}.", Bad);
    }

    void WriteModel(ModelFacts facts)
    {
        var (model, weights) = (facts.Model, facts.Weights);
        Section("Model");
        Row("name", model.Name);
        Row("architecture", model.Architecture);
        Row("parameters", $"{Quantity.Count(model.Parameters)} ({model.Parameters})");
        Row("layers", $"{model.Layers}, width {model.EmbeddingLength}, {model.Heads} heads of {model.HeadLength}, {model.KvHeads} KV heads" +
            (model.Experts > 0 ? $", {model.Experts} experts" : ""));
        Row("trained context", $"{model.ContextLength} tokens");
        Row("file", facts.File.Path);
        Row("size on disk", $"{Quantity.Bytes(facts.File.Bytes)}, GGUF version {facts.File.GgufVersion}, {facts.File.Tensors} tensors");
        Row("quantisation", weights.Quantisation ?? "not named in the file");
        Row("weight types", string.Join(", ", weights.Types.Select(type => FormattableString.Invariant($"{type.Type} {100 * type.Share:0.#}%"))));
    }

    void WriteTokenizer(TokenizerFacts tokenizer)
    {
        Section("Tokeniser");
        Row("kind", tokenizer.Pre is { } pre ? $"{tokenizer.Model}, pre-tokeniser {pre}" : tokenizer.Model);
        Row("vocabulary", $"{tokenizer.Tokens} tokens");
        Row("special tokens", tokenizer.SpecialTokens.Count == 0
            ? "none named in the file"
            : string.Join(", ", tokenizer.SpecialTokens.Select(token => $"{token.Name} {token.Id} {token.Text.ReplaceLineEndings("\\n")}")));
        if (tokenizer.AddsBeginningOfText is { } adds) Row("prompt begins with", adds ? "the bos token" : "no bos token");
    }

    void WriteTemplate(TemplateFacts template, bool whole)
    {
        Section("Chat template");
        Row("in the file", template.InFile ? "yes" : "no; ChatML is used, which the model may not know");
        if (template.Variants.Count > 0) Row("variants", string.Join(", ", template.Variants.Keys));
        if (template.Capabilities is { } capabilities)
        {
            var found = Capabilities(capabilities).ToLookup(capability => capability.Present, capability => capability.Name);
            if (found[true].Any()) Row("can render", string.Join(", ", found[true]));
            if (found[false].Any()) Row("cannot render", string.Join(", ", found[false]));
        }
        if (template.Error is { } error) Row("problem", error, Bad);
        if (template.Text is { } text) WriteText("text", text, whole);
        foreach (var (name, variant) in template.Variants.Where(_ => whole)) WriteText(name, variant, whole);
    }

    void WriteText(string label, string text, bool whole)
    {
        var lines = text.ReplaceLineEndings("\n").Split('\n');
        if (whole)
        {
            Row(label, $"{lines.Length} lines:");
            foreach (var line in lines) console.WriteLine(Terminal.Safe(line));
            return;
        }
        var most = Math.Min(console.Profile.Width, 100) - LabelWidth - 1;
        Row(label, string.Join('\n', lines.Take(TemplateLines).Select(line => line.Length > most ? line[..(most - 1)] + "…" : line)));
        if (lines.Length > TemplateLines || lines.Any(line => line.Length > most)) Row("", $"({lines.Length} lines, {text.Length} characters; --template prints all)", Label);
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
        Section("Engine");
        Row("context", $"{cache.ContextLength} tokens by default, {facts.Model.ContextLength} at most" +
            (engine.LearnedPositions ? "; positions are learned, none exists beyond" : ""));
        if (engine.SlidingWindow is { } window) Row("sliding window", $"some layers see the last {window} tokens only");
        Row("KV cache", $"{Quantity.Bytes(cache.BytesPerToken)} per token; {Quantity.Bytes(cache.Bytes)} for {cache.Slots} slots of {cache.ContextLength} tokens");
        var needed = facts.Weights.Bytes + cache.Bytes;
        Row("memory", $"{Quantity.Bytes(needed)} for weights and cache; the machine has {Quantity.Bytes(cache.MachineBytes)}",
            needed > cache.MachineBytes ? Warning : Style.Plain);
        Row("prompt tokens", engine.AcceptsEmbeddingRows ? "possible: the model takes embedding rows" : "not possible: the model takes no embedding rows");
    }

    void WriteRuntime(RuntimeFacts runtime)
    {
        Section("llama.cpp");
        if (runtime.Error is { } error)
        {
            Row("problem", error, Bad);
            return;
        }
        Row("version", $"{runtime.Version}, struct layout {runtime.Layout}");
        Row("folder", runtime.Folder is { Length: > 0 } folder ? folder : "found by the system");
        foreach (var device in runtime.Devices)
            Row("device", $"{device.Name}: {device.Description.Trim()}" +
                (device.TotalMemory > 0 ? $", {Quantity.Bytes(device.FreeMemory)} of {Quantity.Bytes(device.TotalMemory)} free" : ""));
        Row("system info", runtime.SystemInfo ?? "");
    }

    void Section(string title)
    {
        console.WriteLine();
        console.WriteLine(title, Heading);
    }

    void Row(string label, string value, Style? style = null)
    {
        foreach (var line in Wrap(Terminal.Safe(value), Math.Max(console.Profile.Width - LabelWidth - 1, 20)))
        {
            console.Write(new Text($"  {label}".PadRight(LabelWidth), Label));
            console.WriteLine(line, style ?? Style.Plain);
            label = "";
        }
    }

    static IEnumerable<string> Wrap(string text, int width)
    {
        foreach (var line in text.ReplaceLineEndings("\n").Split('\n'))
        {
            var rest = line;
            while (rest.Length > width)
            {
                var cut = rest.LastIndexOf(' ', width) is var space and > 0 ? space : width;
                yield return rest[..cut];
                rest = rest[cut..].TrimStart();
            }
            yield return rest;
        }
    }
}
