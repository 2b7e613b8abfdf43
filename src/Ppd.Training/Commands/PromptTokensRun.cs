using System.Diagnostics;
using System.Globalization;
using Ppd.Drafting;
using Ppd.Native;
using Ppd.Training.Data;
using Ppd.Training.Model;
using Ppd.Training.Native;
using Ppd.Training.Prompts;
using Ppd.Training.Reports;
using TorchSharp;

namespace Ppd.Training.Commands;

/// <summary>One training run from a model file to a prompt-token file: check, read, prepare text, train, write.</summary>
sealed class PromptTokensRun(Terminal terminal, PromptTokensOptions options)
{
    public async Task Run(CancellationToken cancellationToken)
    {
        using var file = GgufFile.Open(options.Model);
        var config = TransformerConfig.From(file);      // what cannot be trained is refused before anything slow
        var info = GgufModelCheck.Check(file);
        if (options.Training.Length > config.ContextLength || options.Training.Length < options.Training.Count + 2)
            throw new PpdException($"--length is {options.Training.Length}; allowed are {options.Training.Count + 2} to {config.ContextLength}, the model's context.");
        if (options.Training.Count * options.Training.Ensemble > PromptTokens.MaxRows)
            throw new PpdException($"--count times --ensemble is {options.Training.Count * options.Training.Ensemble}; at most {PromptTokens.MaxRows} rows are allowed.");
        if (PromptTokenRows.Obstacle(options.Training.Mask, options.Training.Count, options.Training.Ensemble) is { } obstacle)
            throw new PpdException($"--mask does not go with --count and --ensemble: {obstacle}.");
        RequireMemory(config, file);

        TorchRuntime.Load(options.Threads);
        var device = Device();
        var library = LlamaLibrary.Load(options.Runtime, null);
        using var llama = LlamaModel.Load(library, options.Model, gpuLayers: 0, null, cancellationToken);
        using var transformer = GgufWeights.Load(file, library, device);
        var parity = Parity.Measure(transformer, llama, LlamaThreads);
        parity.Require(options.Model);
        terminal.Note(string.Create(CultureInfo.InvariantCulture, $"Logits differ from llama.cpp's by {parity.Largest:0.0e0} at most, {parity.Relative:0.0e0} of their deviation on average."));

        var model = BaseModel.Of(file);
        var text = await Text(llama, info, model, cancellationToken);
        var training = options.Training;
        var prompts = PromptParameters.Create(transformer, training.Count, training.Ensemble, training.Rank, training.Init, training.Seed);
        using var trainer = new PromptTrainer(transformer, new PackedForward(transformer, prompts, training.Mask), text, training);
        var key = $"{model.Fingerprint} {(options.Steps is { } steps ? $"{steps} steps" : "by time")} {options.Training.Key(TextRequest.Key(model.Fingerprint))}";
        if (options.Resume) trainer.Restore(Checkpoint.Read(options.CheckpointFile, key));
        var watch = Stopwatch.StartNew();
        Train(trainer, key, watch, cancellationToken);
        var (hits, calibration) = trainer.RestoreBest();
        var tokens = Result(trainer, prompts, model, text, hits, calibration, watch.Elapsed);
        PromptTokenFile.Write(options.Out, tokens);
        TrainingReport.Write(options.Out, tokens, hits, trainer.History);
        File.Delete(options.CheckpointFile);
        terminal.Note($"Wrote '{options.Out}', and a report beside it.");
        Console.Out.WriteLine(AccuracyTable.Of(hits, trainer.History[0].Hits));
    }

    // ggml's threads spin while they wait: with as many as processors, any other load makes a step many times slower
    int LlamaThreads => Math.Min(options.Threads, Math.Max(1, Environment.ProcessorCount - 1));

    TextRequest TextRequest => new(options.Text, options.Tokens, options.Training.Length, options.Training.Seed);

    void RequireMemory(TransformerConfig config, GgufFile file)
    {
        var estimate = MemoryEstimate.Of(config, GgufWeights.Bytes(file), options.Training);
        terminal.Note(string.Create(CultureInfo.InvariantCulture, $"Memory needed: about {estimate.Total / 1e9:0.0} GB ({estimate})."));
        if (!options.Cuda) estimate.Require(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);
    }

    torch.Device Device()
    {
        if (!options.Cuda) return torch.CPU;
        if (!torch.cuda.is_available())
            throw new PpdException("--cuda was given, but libtorch sees no CUDA device: build with -p:Torch=cuda on a machine with an NVIDIA driver, or train on the processor.");
        return torch.CUDA;
    }

    async Task<TokenText> Text(LlamaModel llama, GgufModelInfo info, BaseModel model, CancellationToken cancellationToken)
    {
        var key = TextRequest.Key(model.Fingerprint);
        if (TokenTextFile.TryRead(options.TextFile, key) is { } kept)
        {
            terminal.Note($"Text: {kept.TrainingTokens} tokens from '{options.TextFile}'.");
            return kept;
        }
        TokenText? text = null;
        var watch = Stopwatch.StartNew();
        terminal.Progress("Preparing text", tell =>
            text = TextPreparation.Make(llama, info, TextRequest, LlamaThreads, done => tell(done, options.Tokens), cancellationToken).GetAwaiter().GetResult());
        await Task.Run(() => TokenTextFile.Write(options.TextFile, key, text!), cancellationToken);
        terminal.Note(string.Create(CultureInfo.InvariantCulture,
            $"Text: {text!.TrainingTokens} tokens in {text.Training.Count} documents, {text.HeldOut.Count} held-out continuations, {watch.Elapsed.TotalSeconds:0} s; {text.Source}."));
        return text;
    }

    void Train(PromptTrainer trainer, string key, Stopwatch watch, CancellationToken cancellationToken)
    {
        var loop = new TrainingLoop(trainer, options.CheckpointFile, key, () => watch.Elapsed.TotalSeconds);
        terminal.Progress("Training", tell => loop.Run(options.Steps, options.Minutes, () => tell(trainer.Step, trainer.TotalSteps), Report, cancellationToken));

        void Report(ProgressPoint point) => terminal.Note(string.Create(CultureInfo.InvariantCulture,
            $"{(point.Step == 0 ? "before training" : $"step {point.Step} of {trainer.TotalSteps}: loss {point.Loss:0.000}")}, top-10 {string.Join(' ', point.Hits.Rates.Select(ranks => $"{ranks.Sum():0.000}"))}, tokens per step in 16 rows {point.Hits.Score:0.000}"));
    }

    PromptTokens Result(PromptTrainer trainer, PromptParameters prompts, BaseModel model, TokenText text, HitRates hits, CalibrationCurve[] calibration, TimeSpan elapsed)
    {
        var training = options.Training;
        return new PromptTokens
        {
            Count = training.Count,
            Ensemble = training.Ensemble,
            Rows = prompts.RowValues(),
            Mask = training.Mask,
            Model = model,
            Conditional = prompts.Conditional(),
            Accuracy = hits.Rates,
            Calibration = calibration,
            Training = new Dictionary<string, string>
            {
                ["tool"] = "ppd-train prompt-tokens",
                ["version"] = typeof(PromptTokensRun).Assembly.GetName().Version!.ToString(3),
                ["text"] = text.Source,
                ["text_tokens"] = text.TrainingTokens.ToString(CultureInfo.InvariantCulture),
                ["steps"] = trainer.Step.ToString(CultureInfo.InvariantCulture),
                ["chains"] = ((long)trainer.Step * training.BatchRows * training.Points).ToString(CultureInfo.InvariantCulture),
                ["seconds"] = elapsed.TotalSeconds.ToString("0", CultureInfo.InvariantCulture),
                ["loss"] = training.Loss.ToString().ToLowerInvariant(),
                ["init"] = training.Init.ToString().ToLowerInvariant(),
                ["learning_rate"] = training.LearningRate.ToString(CultureInfo.InvariantCulture),
                ["batch"] = $"{training.BatchRows} rows of {training.Length} tokens, {training.Points} chains each",
                ["seed"] = training.Seed.ToString(CultureInfo.InvariantCulture),
                ["measured_points"] = hits.Points.ToString(CultureInfo.InvariantCulture),
            },
        };
    }
}
