using Ppd.Drafting;
using Ppd.Native;
using Ppd.Training.Demo.Exam;
using Ppd.Training.Demo.Training;
using Ppd.Training.Demo.Vocabulary;
using Ppd.Training.Model;
using static TorchSharp.torch;

namespace Ppd.Training.Demo.Export;

/// <summary>What the training ends with: the model file, checked against llama.cpp, and the prompt-token file with its measured accuracy.</summary>
sealed class DemoDelivery(string folder, int seed)
{
    // F16 weights make llama.cpp round activations to F16, too; a wrong rotation or layout differs by whole units
    const float MostDifference = 0.1f;

    const int Transcripts = 120;

    public string ModelPath { get; } = Path.Combine(folder, "ppd-demo.gguf");

    public void Write(DemoTrainer trainer, DemoVocabulary vocabulary, Action<string> log)
    {
        Directory.CreateDirectory(folder);
        DemoModelFile.Write(ModelPath, trainer.Model.Config, vocabulary, trainer.Weights);
        log($"{ModelPath}: {new FileInfo(ModelPath).Length / 1e6:0.0} MB");
        var library = LlamaLibrary.Load(null, null);
        using var file = GgufFile.Open(ModelPath);
        using var model = LlamaModel.Load(library, ModelPath, gpuLayers: 0, null, default);
        using var transformer = GgufWeights.Load(file, library, CPU);
        var transcripts = Answer(model);
        log($"largest difference of a logit to llama.cpp: {LargestDifference(transformer, model, transcripts[0]):0.0000}");
        WritePromptTokens(file, transformer, trainer, transcripts, log);
    }

    void WritePromptTokens(GgufFile file, Transformer transformer, DemoTrainer trainer, List<Transcript> transcripts, Action<string> log)
    {
        var rows = trainer.Weights[DemoModel.PromptTokenName].detach();
        var exam = new PromptTokenExam(transformer, rows);
        foreach (var transcript in transcripts) exam.Ask(transcript);
        var path = PromptTokenFile.PathBeside(ModelPath);
        PromptTokenFile.Write(path, new PromptTokens
        {
            Count = DemoModel.PromptTokens,
            Ensemble = 1,
            Rows = rows.data<float>().ToArray(),
            Mask = PromptTokenMask.Ensemble,
            Model = BaseModel.Of(file),
            Accuracy = exam.Accuracy,
            Calibration = exam.Calibration,
            Training = new Dictionary<string, string>
            {
                ["method"] = "trained together with the model",
                ["command"] = $"ppd-train demo --minutes {trainer.Elapsed.TotalMinutes:0} --seed {seed}",
                ["steps"] = $"{trainer.Steps}",
            },
        });
        log($"{path}: share of right guesses among the first 1, 5, {PromptTokenExam.Ranks}, on {transcripts.Count} replies of the model");
        for (var distance = 0; distance < exam.Accuracy.Length; distance++)
        {
            var ranks = exam.Accuracy[distance];
            log($"  distance {distance + 1}: {ranks[0]:P1}  {ranks.Take(5).Sum():P1}  {ranks.Sum():P1}");
        }
    }

    // Replies to conversations the training has not seen: half of them ask for a tool in a new phrasing.
    List<Transcript> Answer(LlamaModel model)
    {
        using var reader = new GreedyReader(model, threads: 1);
        var conversations = TalkExam.Conversations(Transcripts / 2, seed).Concat(ToolExam.Questions(Transcripts / 2, seed).Select(question => question.Conversation));
        return [.. conversations.Select(reader.Answer)];
    }

    static float LargestDifference(Transformer transformer, LlamaModel model, Transcript transcript)
    {
        using var scope = NewDisposeScope();
        int[] tokens = [.. transcript.Prompt, .. transcript.Reply];
        var expected = LlamaLogits.Of(model, tokens);
        var ids = tensor(Array.ConvertAll(tokens, id => (long)id)).unsqueeze(0);
        var actual = transformer.Logits(transformer.Forward(transformer.Embed(ids), arange(tokens.Length))).squeeze(0);
        var difference = (actual - tensor(expected.SelectMany(row => row).ToArray()).reshape(actual.shape)).abs().max().item<float>();
        if (difference > MostDifference)
            throw new InvalidOperationException($"The written model has other logits in llama.cpp than in training: they differ by up to {difference}, {MostDifference} is allowed. The export is wrong; please report it.");
        return difference;
    }
}
