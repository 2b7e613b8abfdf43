using System.CommandLine;
using Microsoft.Extensions.AI;
using static Ppd.Cli.CommonOptions;

namespace Ppd.Cli.Chat;

/// <summary>The arguments of <c>ppd chat</c> and what they mean to the library.</summary>
sealed class ChatArguments
{
    const string On = "on";
    const string Off = "off";
    const int MostDraftTokens = 63;     // PpdModelOptions.DraftTokens

    readonly Argument<string> _model = new("MODEL")
    {
        Description = "Path of a GGUF file. Default: the small model that comes with this program.",
        DefaultValueFactory = _ => PpdModelOptions.DefaultModelPath,
    };
    readonly Option<string?> _system = Text("--system", "TEXT", "System message: how the model is to behave. Default: none.");
    readonly Option<string?> _prompt = Text("--prompt", "TEXT", "Reply to this and end: the reply goes to standard output, the statistics to standard error. Default: a conversation.");
    readonly Option<string?> _template = Text("--template", "FILE", "Chat template (Jinja). Default: the model file's own, else ChatML.");
    readonly Option<string[]> _stop = new("--stop") { HelpName = "TEXT", Description = "Text that ends a reply and is not shown; may be given several times. Default: none." };
    readonly Option<float?> _temperature = Number("--temperature", 0f, 100, "Spread of the choice; 0 always takes the likeliest token. Default 0.8.");
    readonly Option<int?> _topK = Number("--top-k", 0, int.MaxValue, "Choose among this many likeliest tokens; 0 among all. Default 40.");
    readonly Option<float?> _topP = Number("--top-p", 0f, 1, "Choose among the likeliest tokens that have this share together. Default 0.95.");
    readonly Option<float?> _minP = Number("--min-p", 0f, 1, "Drop tokens less likely than this fraction of the likeliest. Default 0.05.");
    readonly Option<float?> _repeatPenalty = Number("--repeat-penalty", 0.01f, 100, "Divides the scores of the last 64 tokens: above 1 avoids repetition. Default 1.");
    readonly Option<long?> _seed = Number("--seed", 0L, long.MaxValue, "The same seed gives the same reply. Default: random.");
    readonly Option<int?> _maxTokens = Number("--max-tokens", 1, int.MaxValue, "Most tokens of a reply. Default: until the model ends or the context is full.");
    readonly Option<int?> _context = Number("--context", 1, int.MaxValue, "Tokens of the conversation. Default: what the model was trained for, at most 4096.");
    readonly Option<int?> _threads = Number("--threads", 1, Environment.ProcessorCount, "Threads on the CPU. Default: as found by ppd tune, else processors minus one.");
    readonly Option<int?> _gpuLayers = Number("--gpu-layers", -1, int.MaxValue, "Layers on the GPU, where there is one; -1 all, 0 none. Default -1.");
    readonly Option<PpdFlashAttention?> _flashAttention = FlashAttention("as found by ppd tune, else with a GPU only");
    readonly Option<int?> _draftTokens = Number("--draft-tokens", 0, MostDraftTokens, "Most guessed tokens verified per step; 0 decodes plainly. Default 24. The replies are the same.");
    readonly Option<PpdPlan?> _plan = Parsed<PpdPlan?>("--plan", "PLAN", text => PpdPlan.Parse(text),
        "How the guesses of a step are chosen: auto, off, chainN, treeN or staticN, with N rows. Default: the environment variable PPD_PLAN, else auto. The replies are the same.");
    readonly Option<bool> _explain = new("--explain") { Description = "After each reply write what every step guessed, what it cost and what came true, to standard error. Default: no." };
    readonly Option<string?> _promptTokens = Text("--prompt-tokens", "FILE", "Trained prompt tokens; or on or off: whether to use MODEL with the ending .ppd.gguf, if it is there. Default: on. The replies are the same.");
    readonly Option<bool> _verbose = new("--verbose") { Description = "Write the log of the engine and of llama.cpp to standard error. Default: no." };
    readonly Option<string?> _runtime = Runtime();

    public void AddTo(Command command)
    {
        command.Add(_model);
        Option[] options =
        [
            _system, _prompt, _template, _temperature, _topK, _topP, _minP, _repeatPenalty, _seed, _maxTokens, _stop, _context, _threads, _gpuLayers, _flashAttention,
            _draftTokens, _promptTokens, _plan, _explain, _runtime, _verbose,
        ];
        foreach (var option in options) command.Add(option);
    }

    public string? Prompt(ParseResult parsed) => parsed.GetValue(_prompt);

    public string? System(ParseResult parsed) => parsed.GetValue(_system);

    public bool Verbose(ParseResult parsed) => parsed.GetValue(_verbose);

    public PpdModelOptions Model(ParseResult parsed)
    {
        var promptTokens = parsed.GetValue(_promptTokens);
        var options = new PpdModelOptions
        {
            ModelPath = parsed.GetRequiredValue(_model),
            LibraryPath = parsed.GetValue(_runtime),
            ContextLength = parsed.GetValue(_context),
            Threads = parsed.GetValue(_threads),
            ChatTemplate = parsed.GetValue(_template) is { } file ? File.ReadAllText(file) : null,
            Slots = 1,      // one person, one conversation
            UsePromptTokens = promptTokens switch { Off => false, _ => true },
            PromptTokenPath = promptTokens is On or Off ? null : promptTokens,
        };
        options.GpuLayers = parsed.GetValue(_gpuLayers) ?? options.GpuLayers;
        options.FlashAttention = parsed.GetValue(_flashAttention) ?? options.FlashAttention;
        options.Plan = parsed.GetValue(_plan);
        options.DraftTokens = parsed.GetValue(_draftTokens) ?? options.DraftTokens;
        return options;
    }

    /// <summary>Whether every step is explained.</summary>
    public bool Explain(ParseResult parsed) => parsed.GetValue(_explain);

    public ChatOptions Request(ParseResult parsed, Action<PpdStep>? onStep)
    {
        var own = new PpdRequestOptions { MinP = parsed.GetValue(_minP), RepeatPenalty = parsed.GetValue(_repeatPenalty), OnStep = onStep };
        return new ChatOptions
        {
            Temperature = parsed.GetValue(_temperature),
            TopK = parsed.GetValue(_topK),
            TopP = parsed.GetValue(_topP),
            Seed = parsed.GetValue(_seed),
            MaxOutputTokens = parsed.GetValue(_maxTokens),
            StopSequences = parsed.GetValue(_stop),
            RawRepresentationFactory = _ => own,
        };
    }
}
