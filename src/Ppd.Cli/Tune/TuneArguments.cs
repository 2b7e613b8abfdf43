using System.CommandLine;
using static Ppd.Cli.CommonOptions;

namespace Ppd.Cli.Tune;

/// <summary>The arguments of <c>ppd tune</c>.</summary>
sealed class TuneArguments
{
    readonly Argument<string> _model = new("MODEL")
    {
        Description = "Path of a GGUF file. Default: the small model that comes with this program.",
        DefaultValueFactory = _ => PpdModelOptions.DefaultModelPath,
    };
    readonly Option<bool> _quick = new("--quick") { Description = "Measure everything once and for a shorter time; a busy machine can mislead it. Default: three times." };
    readonly Option<bool> _dryRun = new("--dry-run") { Description = "Write no profile. Default: it is written, and later loads of the model take what their options leave open from it." };
    readonly Option<string?> _plot = Text("--plot", "FILE", "Write a picture (PNG) of the time of a step by its rows there. Default: no.");
    readonly Option<int?> _context = Number("--context", 2, int.MaxValue, "Tokens of prompt and reply together. Default: what the model was trained for, at most 4096.");
    readonly Option<int?> _gpuLayers = Number("--gpu-layers", -1, int.MaxValue, "Layers on the GPU, where there is one; -1 all, 0 none. A profile counts for loads with the same number. Default -1.");
    readonly Option<string?> _promptTokens = Text("--prompt-tokens", "FILE", "Trained prompt tokens. Default: the model's file with the ending .ppd.gguf, if it is there.");
    readonly Option<string?> _cache = Text("--cache", "FOLDER", "Where the profile is written. Default: the folder that loads look in, ppd in the user's local application data.");
    readonly Option<string?> _runtime = Runtime();

    public void AddTo(Command command)
    {
        command.Add(_model);
        Option[] options = [_quick, _dryRun, _plot, _context, _gpuLayers, _promptTokens, _cache, _runtime];
        foreach (var option in options) command.Add(option);
    }

    public bool Quick(ParseResult parsed) => parsed.GetValue(_quick);

    public bool DryRun(ParseResult parsed) => parsed.GetValue(_dryRun);

    public string? Plot(ParseResult parsed) => parsed.GetValue(_plot);

    public PpdModelOptions Model(ParseResult parsed)
    {
        var options = new PpdModelOptions
        {
            ModelPath = parsed.GetRequiredValue(_model),
            LibraryPath = parsed.GetValue(_runtime),
            ContextLength = parsed.GetValue(_context),
            PromptTokenPath = parsed.GetValue(_promptTokens),
            CacheFolder = parsed.GetValue(_cache),
        };
        options.GpuLayers = parsed.GetValue(_gpuLayers) ?? options.GpuLayers;
        return options;
    }
}
