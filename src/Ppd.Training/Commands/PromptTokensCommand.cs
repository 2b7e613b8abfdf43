using System.CommandLine;
using System.Globalization;
using Ppd.Drafting;
using Ppd.Native;
using Ppd.Training.Prompts;

namespace Ppd.Training.Commands;

/// <summary><c>ppd-train prompt-tokens MODEL</c>.</summary>
static class PromptTokensCommand
{
    public static Command Create(Terminal terminal)
    {
        var model = new Argument<string>("MODEL") { Description = "Path of a GGUF file." };
        var output = new Option<string?>("--out") { HelpName = "FILE", Description = "Where the prompt tokens go. Default: beside the model, name.ppd.gguf, where it is looked for." };
        var count = Number("--count", 3, 1, PromptTokens.MaxCount, "Prompt tokens: the largest distance that is guessed.");
        var ensemble = Number("--ensemble", 1, 1, PromptTokens.MaxEnsemble, "Rows per prompt token. More guess better and cost as many rows per chain.");
        var mask = new Option<PromptTokenMask>("--mask") { Description = "What members of an ensemble see of each other.", DefaultValueFactory = _ => PromptTokenMask.Ensemble };
        var init = new Option<PromptInit>("--init") { Description = "How untrained rows start.", DefaultValueFactory = _ => PromptInit.Random };
        var loss = new Option<PromptLossKind>("--loss") { Description = "What is minimised.", DefaultValueFactory = _ => PromptLossKind.Kl };
        var rank = Number("--rank", 0, 0, LowRank.MaxRank, "Rank of a part that makes prompt tokens depend on the token before them; 0 is none.");
        var text = new Option<string?>("--text") { HelpName = "FILE", Description = "Text to train on: plain, or .jsonl with messages or text. Default: the model writes it." };
        var tokens = Number("--tokens", 200_000, 1_000, 100_000_000, "Tokens the model writes.");
        var length = new Option<int?>("--length") { HelpName = "N", Description = "Tokens of a document. Default: the model's context, at most 512." };
        var batch = Number("--batch", 4, 1, 1024, "Text rows per step.");
        var points = Number("--points", 32, 1, 4096, "Chains per text row.");
        var rate = Positive("--learning-rate", 0.01, "At the start; falls to 0 along a cosine.");
        var minutes = Positive("--minutes", 20, "About how long training takes, after the text is there.");
        var steps = new Option<int?>("--steps") { HelpName = "N", Description = "Steps, instead of --minutes; then an interrupted run ends as an uninterrupted one would have." };
        var patience = Number("--patience", 10, 0, 1000, "Evaluations without a better result before training ends; 0 never ends early.");
        var seed = Number("--seed", 1, int.MinValue, int.MaxValue, "Start of the random numbers.");
        var resume = new Option<bool>("--resume") { Description = "Go on from the checkpoint of an interrupted run with the same options." };
        var threads = Number("--threads", Math.Max(1, Environment.ProcessorCount - 1), 1, Environment.ProcessorCount, "Threads of libtorch and of llama.cpp.");
        var cuda = new Option<bool>("--cuda") { Description = "Train on the first CUDA device; needs a build with -p:Torch=cuda." };
        var runtime = new Option<string?>("--runtime") { HelpName = "PATH", Description = "File or folder of the llama.cpp library. Default: as for ppd." };
        var command = new Command("prompt-tokens", "Trains prompt tokens for a model: the rows that let it guess several tokens ahead.")
        {
            model, output, count, ensemble, mask, init, loss, rank, text, tokens, length, batch, points, rate, minutes, steps, patience, seed, resume, threads, cuda, runtime,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(steps) is < 1) result.AddError($"--steps is {result.GetValue(steps)}; it must be at least 1.");
            if (result.GetResult(text) is not null && result.GetResult(tokens) is { Implicit: false }) result.AddError("--tokens is what the model writes; with --text it writes nothing.");
        });
        command.SetAction((parsed, cancellation) =>
        {
            var path = parsed.GetRequiredValue(model);
            return terminal.Guard(() => new PromptTokensRun(terminal, new PromptTokensOptions
            {
                Model = path,
                Out = parsed.GetValue(output) ?? PromptTokenFile.PathBeside(path),
                Text = parsed.GetValue(text),
                Tokens = parsed.GetValue(tokens),
                Steps = parsed.GetValue(steps),
                Minutes = parsed.GetValue(minutes),
                Resume = parsed.GetValue(resume),
                Threads = parsed.GetValue(threads),
                Cuda = parsed.GetValue(cuda),
                Runtime = parsed.GetValue(runtime),
                Training = new PromptTrainingOptions
                {
                    Count = parsed.GetValue(count),
                    Ensemble = parsed.GetValue(ensemble),
                    Mask = parsed.GetValue(mask),
                    Init = parsed.GetValue(init),
                    Loss = parsed.GetValue(loss),
                    Rank = parsed.GetValue(rank),
                    LearningRate = parsed.GetValue(rate),
                    Length = parsed.GetValue(length) ?? DefaultLength(path),
                    BatchRows = parsed.GetValue(batch),
                    Points = parsed.GetValue(points),
                    Patience = parsed.GetValue(patience),
                    Seed = parsed.GetValue(seed),
                },
            }).Run(cancellation), "Interrupted. --resume goes on from the last checkpoint.");
        });
        return command;
    }

    static int DefaultLength(string path)
    {
        using var file = GgufFile.Open(path);
        return Math.Min(GgufModelCheck.Check(file).ContextLength, 512);
    }

    // not System.CommandLine's own parsing, which takes a comma for a thousands separator: 0,01 would be 1
    static Option<double> Positive(string name, double value, string description) => new(name)
    {
        HelpName = "X",
        Description = description,
        DefaultValueFactory = _ => value,
        CustomParser = result =>
        {
            var text = result.Tokens[^1].Value;
            if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number > 0 && double.IsFinite(number)) return number;
            result.AddError($"{name} is {text}; it must be a number greater than 0, with a point and not a comma.");
            return 0;
        },
    };

    static Option<int> Number(string name, int value, int least, int most, string description)
    {
        var option = new Option<int>(name) { HelpName = "N", Description = description, DefaultValueFactory = _ => value };
        option.Validators.Add(result =>
        {
            if (result.GetValue(option) is var n && (n < least || n > most)) result.AddError($"{name} is {n}; allowed are {least} to {most}.");
        });
        return option;
    }
}
