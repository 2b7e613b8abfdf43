using System.CommandLine;
using System.Text.Json;
using Ppd.Chat.Schemas;
using Ppd.Decoding;
using Ppd.Grammars;
using static Ppd.Cli.CommonOptions;

namespace Ppd.Cli.Bench;

/// <summary>The arguments of <c>ppd bench</c>.</summary>
sealed class BenchArguments
{
    const int DefaultLimit = 32, DefaultMaxTokens = 128, DefaultRepeat = 5, DefaultSeed = 1, DefaultRows = 16;

    readonly Option<string?> _model = Text("--model", "FILE", "Path of a GGUF file. Default: the small model that comes with this program.");
    readonly Option<string?> _prompts = Text("--prompts", "FILE", "Text with one prompt a line, or <|endoftext|> between them; " +
        "JSON lines (.jsonl) or a JSON array (.json) of objects with prompt, turns (the first is asked), question or messages. Default: a dozen questions for the small model.");
    readonly Option<string?> _schema = Text("--schema", "FILE", "JSON schema that every reply of every arm must satisfy. Default: none.");
    readonly Option<int?> _limit = Number("--limit", 1, int.MaxValue, $"Most prompts used. Default {DefaultLimit}.");
    readonly Option<BenchArm[]> _arms = Parsed("--arms", "LIST", BenchArms.Parse,
        $"Ways of decoding to compare, with commas: {BenchArms.Allowed}. Plain is always measured. Default: all that the model has, without chain and tree.");
    readonly Option<PpdPlan?> _plan = Parsed<PpdPlan?>("--plan", "PLAN", text => PpdPlan.Parse(text),
        "Plan of the arms ngram, prompt-tokens, grammar and all: auto, off, chainN, treeN or staticN with N rows. Default auto.");
    readonly Option<int?> _rows = Number("--rows", 1, PpdPlan.MostRows, $"Rows of the arms static, chain and tree. Default {DefaultRows}.");
    readonly Option<int[]> _sizes = Parsed("--sizes", "LIST", ForcedSizes.Parse,
        "Row counts of more arms with all sources and trees of that size, with commas, as in 1,2,4,8: what the planner could have chosen. Default: none.");
    readonly Option<int?> _maxTokens = Number("--max-tokens", 2, int.MaxValue, $"Most tokens of a reply. Default {DefaultMaxTokens}.");
    readonly Option<int?> _repeat = Number("--repeat", 1, 1000, $"Rounds over all prompts that count; one before them does not. Default {DefaultRepeat}.");
    readonly Option<int?> _concurrency = Number("--concurrency", 1, EngineSettings.MaxSlots,
        "Requests at once; the speed of several is that of all together, by the clock on the wall. Default 1.");
    readonly Option<float?> _temperature = Number("--temperature", 0f, 100, "Spread of the choice; 0 always takes the likeliest token. Default 0.");
    readonly Option<uint?> _seed = Number("--seed", 0u, uint.MaxValue - 1, $"Start of the random numbers, the same for every arm. Default {DefaultSeed}.");
    readonly Option<int?> _context = Number("--context", 2, int.MaxValue, "Tokens of prompt and reply together. Default: what the model was trained for, at most 4096.");
    readonly Option<int?> _threads = Number("--threads", 1, Environment.ProcessorCount, "Threads on the CPU. Default: processors minus one.");
    readonly Option<PpdFlashAttention?> _flashAttention = FlashAttention("with a GPU only");
    readonly Option<int?> _gpuLayers = Number("--gpu-layers", -1, int.MaxValue, "Layers on the GPU, where there is one; -1 all, 0 none. Default -1.");
    readonly Option<string?> _promptTokens = Text("--prompt-tokens", "FILE", "Trained prompt tokens. Default: the model's file with the ending .ppd.gguf, if it is there.");
    readonly Option<Uri?> _peer = Parsed<Uri?>("--peer", "URL", PeerAddress,
        "A llama-server on this machine with the same model, as http://127.0.0.1:8080, measured as one more arm. Default: none.");
    readonly Option<string?> _json = Text("--json", "FILE", "Write all figures there. Default: no.");
    readonly Option<string?> _plots = Text("--plots", "DIR", "Write cost_curve.png, speed.png and step_time.png there, acceptance.png for prompt tokens and speed_by_size.png for forced sizes. Default: no.");
    readonly Option<string?> _runtime = Runtime();

    public void AddTo(Command command)
    {
        Option[] options =
        [
            _model, _prompts, _schema, _limit, _arms, _plan, _rows, _sizes, _maxTokens, _repeat, _concurrency, _temperature, _seed, _context, _threads, _flashAttention, _gpuLayers, _promptTokens,
            _peer, _json, _plots, _runtime,
        ];
        foreach (var option in options) command.Add(option);
    }

    public BenchOptions Options(ParseResult parsed)
    {
        var arms = parsed.GetValue(_arms) is { Length: > 0 } named ? named : null;   // an option that is not given is an empty array
        var sizes = parsed.GetValue(_sizes) ?? [];
        var concurrency = parsed.GetValue(_concurrency) ?? 1;
        var promptTokens = parsed.GetValue(_promptTokens);
        var model = new PpdModelOptions
        {
            ModelPath = parsed.GetValue(_model) ?? PpdModelOptions.DefaultModelPath,
            LibraryPath = parsed.GetValue(_runtime),
            ContextLength = parsed.GetValue(_context),
            Threads = parsed.GetValue(_threads) ?? PpdModel.DefaultThreads,
            FlashAttention = parsed.GetValue(_flashAttention) ?? PpdFlashAttention.Auto,
            Slots = concurrency,
            UsePromptTokens = BenchOptions.WantsPromptTokens(arms, sizes),
            PromptTokenPath = promptTokens,
            CacheFolder = "",       // the costs of this machine as it is now
        };
        if (promptTokens != null && !model.UsePromptTokens)
            throw new ArgumentException("--prompt-tokens is given but no arm uses them; ask for prompt-tokens, static, all, chain or tree, or leave it out.");
        model.GpuLayers = parsed.GetValue(_gpuLayers) ?? model.GpuLayers;
        var schema = parsed.GetValue(_schema);
        return new BenchOptions(model, parsed.GetValue(_prompts), parsed.GetValue(_limit) ?? DefaultLimit, arms, parsed.GetValue(_plan),
            parsed.GetValue(_rows) ?? DefaultRows, sizes, parsed.GetValue(_maxTokens) ?? DefaultMaxTokens, parsed.GetValue(_repeat) ?? DefaultRepeat, concurrency,
            new SamplingSettings(Temperature: parsed.GetValue(_temperature) ?? 0, Seed: parsed.GetValue(_seed) ?? DefaultSeed) { Grammar = schema == null ? null : Grammar(schema) },
            parsed.GetValue(_peer), parsed.GetValue(_json), parsed.GetValue(_plots)) { SchemaFile = schema };
    }

    static GrammarConstraint Grammar(string schema)
    {
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllText(schema));
            return new GrammarConstraint(JsonSchemaGrammar.Compile(json.RootElement));
        }
        catch (JsonException error)
        {
            throw new ArgumentException($"--schema '{schema}' is no JSON: {error.Message}", error);
        }
    }

    static Uri PeerAddress(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var address) || address.Scheme != Uri.UriSchemeHttp)
            throw new FormatException($"--peer is '{text}'; allowed is an address as http://127.0.0.1:8080.");
        if (address.IsLoopback) return address;
        throw new FormatException($"--peer is '{text}', which is not this machine; allowed are localhost, 127.0.0.1 and [::1]. " +
            "Another machine's speed says nothing about this one.");
    }
}
