using Ppd.Drafting;
using Ppd.Native;
using Ppd.Training.Data;
using Ppd.Training.Demo.Exam;
using Ppd.Training.Demo.Training;
using Ppd.Training.Demo.Vocabulary;
using Ppd.Training.Model;
using Ppd.Training.Prompts;
using static TorchSharp.torch;

namespace Ppd.Training.Demo.Export;

/// <summary>What the training ends with: the model file, checked against llama.cpp, and the prompt-token file with its measured accuracy.</summary>
sealed class DemoDelivery(string folder, int seed)
{
    const int Transcripts = 120;

    public string ModelPath { get; } = Path.Combine(folder, "ppd-demo.gguf");

    /// <summary>The model as it is before prompt tokens take part, for comparison with <c>ppd-train prompt-tokens</c> on a frozen model.</summary>
    public void WriteAlone(DemoTrainer trainer, DemoVocabulary vocabulary)
    {
        Directory.CreateDirectory(folder);
        DemoModelFile.Write(Path.Combine(folder, "ppd-demo-alone.gguf"), trainer.Model.Config, vocabulary, trainer.Weights);
    }

    public void Write(DemoTrainer trainer, DemoVocabulary vocabulary, Action<string> log)
    {
        Directory.CreateDirectory(folder);
        DemoModelFile.Write(ModelPath, trainer.Model.Config, vocabulary, trainer.Weights);
        log($"{ModelPath}: {new FileInfo(ModelPath).Length / 1e6:0.0} MB");
        var library = LlamaLibrary.Load(null, null);
        using var file = GgufFile.Open(ModelPath);
        using var model = LlamaModel.Load(library, ModelPath, gpuLayers: 0, null, default);
        using var transformer = GgufWeights.Load(file, library, CPU);
        var parity = Parity.Measure(transformer, model, threads: 1);
        parity.Require(ModelPath);
        log($"largest difference of a logit to llama.cpp: {parity.Largest:0.0000}");
        WritePromptTokens(file, transformer, trainer, Answer(model), log);
    }

    void WritePromptTokens(GgufFile file, Transformer transformer, DemoTrainer trainer, List<Transcript> transcripts, Action<string> log)
    {
        var rows = PromptParameters.Floats(trainer.Weights[DemoModel.PromptTokenName]);
        var (accuracy, calibration) = Measure(transformer, rows, transcripts);
        var path = PromptTokenFile.PathBeside(ModelPath);
        PromptTokenFile.Write(path, new PromptTokens
        {
            Count = DemoModel.PromptTokens,
            Ensemble = 1,
            Rows = rows,
            Mask = PromptTokenMask.Ensemble,
            Model = BaseModel.Of(file),
            Accuracy = accuracy.Rates,
            Calibration = calibration,
            Training = new Dictionary<string, string>
            {
                ["method"] = "trained together with the model",
                ["command"] = $"ppd-train demo --minutes {trainer.Elapsed.TotalMinutes:0} --seed {seed}",
                ["steps"] = $"{trainer.Steps}",
            },
        });
        log($"{path}: right guesses among the first 1, 5, 10 at {accuracy.Points} places in replies of the model; tokens a step with 16 rows: {accuracy.Score:0.00}");
        for (var distance = 1; distance <= DemoModel.PromptTokens; distance++)
            log($"  distance {distance}: {accuracy.Top(distance, 1):P1}  {accuracy.Top(distance, 5):P1}  {accuracy.Top(distance, 10):P1}");
    }

    static (HitRates Hits, CalibrationCurve[] Calibration) Measure(Transformer transformer, float[] rows, List<Transcript> transcripts)
    {
        using var prompts = PromptParameters.Create(transformer, DemoModel.PromptTokens, ensemble: 1, rank: 0, PromptInit.Mean, seed: 1);
        using (no_grad())
        {
            using var trained = tensor(rows).reshape(prompts.Rows.shape);
            prompts.Rows.copy_(trained);
        }
        using var forward = new PackedForward(transformer, prompts, PromptTokenMask.Ensemble);
        var texts = transcripts.Select(transcript => new Continuation([.. transcript.Prompt, .. transcript.Reply], transcript.Prompt.Length)).ToList();
        var evaluation = new Evaluation(texts, texts.Max(text => text.Tokens.Length), DemoModel.PromptTokens, rowsPerPass: 4);
        return evaluation.Measure(batch => forward.Run(batch).Student, CPU);
    }

    // Replies to conversations the training has not seen: half of them ask for a tool in a new phrasing.
    List<Transcript> Answer(LlamaModel model)
    {
        using var reader = new GreedyReader(model, threads: 1);
        var conversations = TalkExam.Conversations(Transcripts / 2, seed).Concat(ToolExam.Questions(Transcripts / 2, seed, usual: true).Select(question => question.Conversation));
        return [.. conversations.Select(reader.Answer)];
    }
}
