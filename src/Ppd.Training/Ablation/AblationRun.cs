using System.Diagnostics;
using System.Globalization;
using Ppd.Drafting;
using Ppd.Native;
using Ppd.Training.Commands;
using Ppd.Training.Data;
using Ppd.Training.Model;
using Ppd.Training.Native;
using Ppd.Training.Prompts;
using TorchSharp;

namespace Ppd.Training.Ablation;

/// <summary>Arguments of <c>ppd-train ablate</c>.</summary>
/// <param name="Model">GGUF file.</param>
/// <param name="Out">Folder of the report.</param>
/// <param name="TextFile">Text kept between runs.</param>
/// <param name="Tokens">How much of it the model writes.</param>
/// <param name="Seconds">Processor time per variant.</param>
/// <param name="Only">Names of variants; empty means all.</param>
/// <param name="Threads">Threads of libtorch.</param>
/// <param name="Basis">Options of the base variant.</param>
sealed record AblationOptions(string Model, string Out, string TextFile, int Tokens, double Seconds, IReadOnlyList<string> Only, int Threads, PromptTrainingOptions Basis);

/// <summary>Trains every variant on the same text for the same processor time and compares them.</summary>
sealed class AblationRun(Terminal terminal, AblationOptions options)
{
    const int Evaluations = 3;      // each costs as much as a dozen steps

    public async Task Run(CancellationToken cancellationToken)
    {
        var variants = Variant.All(options.Basis);
        if (options.Only.FirstOrDefault(name => variants.All(v => v.Name != name)) is { } unknown)
            throw new PpdException($"There is no variant '{unknown}'; there are {string.Join(", ", variants.Select(v => v.Name))}.");
        using var file = GgufFile.Open(options.Model);
        TransformerConfig.From(file);
        TorchRuntime.Load(options.Threads);
        var library = LlamaLibrary.Load(null, null);
        using var llama = LlamaModel.Load(library, options.Model, gpuLayers: 0, null, cancellationToken);
        using var model = GgufWeights.Load(file, library, torch.CPU);
        Parity.Measure(model, llama, threads: 1).Require(options.Model);
        var text = await Text(llama, file, cancellationToken);

        Directory.CreateDirectory(options.Out);
        var info = GgufModelCheck.Check(file);
        var heading = string.Create(CultureInfo.InvariantCulture,
            $"# Ablations: {info.Name}\n\n`ppd-train ablate {Path.GetFileName(options.Model)} --seconds {options.Seconds:0}`, {text.TrainingTokens} tokens {text.Source}, " +
            $"{options.Seconds:0} s of processor time per variant, {options.Threads} thread(s), rows of {options.Basis.Length} tokens.");
        List<VariantResult> results = [];
        foreach (var variant in variants.Where(v => options.Only.Count == 0 || options.Only.Contains(v.Name)))
        {
            results.Add(Train(variant, model, text, cancellationToken));
            AblationReport.Write(Path.Combine(options.Out, $"ablations-{info.Name}.md"), heading, results,
                [.. variants.Select(v => v.Name).Except(results.Select(r => r.Variant.Name))]);
            terminal.Note($"{variant.Name}: {results[^1].Hits.Score.ToString("0.000", CultureInfo.InvariantCulture)} tokens per step in 16 rows");
        }
    }

    VariantResult Train(Variant variant, Transformer model, TokenText text, CancellationToken cancellationToken)
    {
        var guesser = variant.Create(model);
        using var trainer = new PromptTrainer(model, guesser, text, variant.Options with { Patience = 0 });
        var start = ProcessorSeconds();
        if (variant.Untrained) trainer.Evaluate();
        else
        {
            // processor time, as other programs on the machine must not decide which variant wins
            new TrainingLoop(trainer, null, variant.Name, ProcessorSeconds, Evaluations)
                .Run(null, options.Seconds / 60, () => { }, _ => { }, cancellationToken);
        }
        return new VariantResult(variant, trainer.History.MaxBy(point => point.Hits.Score)!.Hits, trainer.Step, ProcessorSeconds() - start,
            variant.Untrained ? 0 : guesser.Parameters.Sum(p => p.numel()));
    }

    async Task<TokenText> Text(LlamaModel llama, GgufFile file, CancellationToken cancellationToken)
    {
        var request = new TextRequest(null, options.Tokens, options.Basis.Length, options.Basis.Seed);
        var key = request.Key(ModelFingerprint.Of(file));
        if (TokenTextFile.TryRead(options.TextFile, key) is { } kept) return kept;
        var text = await TextPreparation.Make(llama, GgufModelCheck.Check(file), request, threads: 1, _ => { }, cancellationToken);
        TokenTextFile.Write(options.TextFile, key, text);
        return text;
    }

    static double ProcessorSeconds() => Process.GetCurrentProcess().TotalProcessorTime.TotalSeconds;
}
