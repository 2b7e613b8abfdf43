using System.CommandLine;
using System.Runtime.InteropServices;
using Ppd.Training.Commands;
using Ppd.Training.Demo.Corpus;
using Ppd.Training.Demo.Exam;
using Ppd.Training.Demo.Export;
using Ppd.Training.Demo.Training;
using Ppd.Training.Demo.Vocabulary;
using Ppd.Training.Native;

namespace Ppd.Training.Demo;

/// <summary><c>ppd-train demo</c>: makes the small model that comes with the repository, or examines it.</summary>
static class DemoCommand
{
    const int VocabularyLessons = 4000;
    const int FirstVocabularyLesson = 1_000_000_000;    // the training does not get that far

    public static Command Create(Terminal terminal)
    {
        var minutes = new Option<double>("--minutes") { DefaultValueFactory = _ => 90, Description = "How long to train, all resumed runs together. Default 90, meant for two processor cores." };
        var seed = new Option<int>("--seed") { DefaultValueFactory = _ => 1, Description = "Chooses the lessons and the first weights. Default 1." };
        var folder = new Option<string>("--out") { DefaultValueFactory = _ => "models", HelpName = "FOLDER", Description = "Where ppd-demo.gguf and ppd-demo.ppd.gguf go, and the checkpoint until they are made. Default models." };
        var threads = new Option<int>("--threads") { DefaultValueFactory = _ => Environment.ProcessorCount, Description = "Windows of text to learn from at the same time, each on one thread. Does not change the result. Default: all processors." };
        var resume = new Option<bool>("--resume") { Description = "Continue from the checkpoint of a run that was stopped." };
        var evaluate = new Option<bool>("--evaluate") { Description = "Train nothing; examine the model in the folder." };
        minutes.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double>() is not (> 0 and <= 10_000)) result.AddError("--minutes must be more than 0 and at most 10000.");
        });
        threads.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() < 1 || result.GetValueOrDefault<int>() > Environment.ProcessorCount)
                result.AddError($"--threads must be 1 to {Environment.ProcessorCount}, the number of processors.");
        });
        var command = new Command("demo", "Trains the demo model and its prompt tokens from nothing, on conversations it makes up.") { minutes, seed, folder, threads, resume, evaluate };
        command.Validators.Add(result =>
        {
            if (result.GetValue(evaluate) && result.GetValue(resume)) result.AddError("--evaluate trains nothing, so it cannot --resume.");
        });
        command.SetAction(parsed =>
        {
            var delivery = new DemoDelivery(parsed.GetRequiredValue(folder), parsed.GetValue(seed));
            return terminal.Guard(() => Task.Run(() =>
            {
                if (parsed.GetValue(evaluate)) DemoExam.Run(delivery.ModelPath, Console.Out);
                else Train(delivery, parsed.GetValue(minutes), parsed.GetValue(seed), parsed.GetValue(threads), parsed.GetValue(resume), terminal);
            }), "Interrupted. --resume goes on from the last checkpoint.");
        });
        return command;
    }

    static void Train(DemoDelivery delivery, double minutes, int seed, int threads, bool resume, Terminal terminal)
    {
        TorchRuntime.Load(threads: 1);
        var checkpoint = Path.ChangeExtension(delivery.ModelPath, ".checkpoint");
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(checkpoint))!);
        var lessons = new Lessons(seed);
        var vocabulary = DemoVocabulary.Learn(Enumerable.Range(FirstVocabularyLesson, VocabularyLessons).Select(number => LessonReader.Render(lessons.Topical(number))), DemoModel.Vocabulary);
        var trainer = new DemoTrainer(vocabulary, seed, checkpoint, threads);
        terminal.Note($"{trainer.Weights.Values.Sum(weight => weight.numel()):N0} weights, {vocabulary.Tokens.Count} tokens");
        if (resume) trainer.Resume();
        using var stop = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        trainer.Run(TimeSpan.FromMinutes(minutes), () => delivery.WriteAlone(trainer, vocabulary), progress => terminal.Note(
            $"{progress.Fraction,6:P1}  step {progress.Step,5}  loss {progress.Loss:0.0000}  prompt tokens {progress.PromptTokenLoss:0.0000}  {progress.TokensPerSecond:0} tokens/s"), stop.Token);
        stop.Token.ThrowIfCancellationRequested();
        delivery.Write(trainer, vocabulary, Console.WriteLine);
        File.Delete(checkpoint);

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;   // the step at hand is finished and everything saved
            stop.Cancel();
        }
    }
}
