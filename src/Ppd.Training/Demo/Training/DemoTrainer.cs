using System.Diagnostics;
using Ppd.Training.Demo.Corpus;
using Ppd.Training.Demo.Vocabulary;
using Ppd.Training.Model;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Ppd.Training.Demo.Training;

/// <summary>Progress of a training.</summary>
/// <param name="Step">Optimiser steps done.</param>
/// <param name="Fraction">Of the planned time, 0 to 1.</param>
/// <param name="Loss">Cross entropy of the model, weighted, mean of the last steps.</param>
/// <param name="PromptTokenLoss">Cross entropy of the prompt tokens; NaN before they take part.</param>
/// <param name="TokensPerSecond">Tokens of text learned from.</param>
readonly record struct TrainingProgress(int Step, double Fraction, double Loss, double PromptTokenLoss, double TokensPerSecond);

/// <summary>Trains the demo model for a given time: first alone, then together with its prompt tokens.</summary>
sealed class DemoTrainer
{
    const double AloneFraction = 0.25;      // of the time, before prompt tokens take part
    // A small model finds out late how to look things up, and everything else is easier once it can: exercises in copying come first.
    const double CopyFirst = 0.4;           // of the time
    const double CopyShareFirst = 0.6;      // of conversations
    const double CopyShareLater = 0.1;
    const double WarmUpSteps = 100;
    const double PeakRate = 1.2e-3;
    const double SecondDecay = 0.95;
    const double WeightDecay = 0.05;
    const double MostGradient = 1;          // norm of all gradients together
    const double LastRate = 0.02;           // of the peak
    const double FallFraction = 0.5;         // of the time, at its end, in which the rate falls
    const int ReportEvery = 50;             // steps
    static readonly TimeSpan SaveEvery = TimeSpan.FromMinutes(3);

    const int WindowsPerStep = 2;
    const int LessonsPerWindow = 500;       // numbers set aside: a window has some ten
    static readonly WindowShape Alone = new(Text: 512, Groups: 0, DemoModel.PromptTokens);
    static readonly WindowShape Together = Alone with { Groups = 24 };

    readonly Dictionary<string, Tensor> _weights;
    readonly AdamW _optimiser;
    readonly string[] _names;
    readonly Transformer _model;
    readonly LessonReader _reader;
    readonly Lessons _lessons;
    readonly Tensor _windowsPerStep = tensor((float)WindowsPerStep).DetachFromDisposeScope();   // a tensor, as a Scalar can be finalised while native code still reads it
    readonly int _seed;
    readonly string _checkpoint;
    readonly ParallelOptions _parallel;
    bool _aloneIsOver;

    /// <param name="vocabulary">Of the model.</param>
    /// <param name="seed">Chooses first weights and lessons.</param>
    /// <param name="checkpoint">File to save to and resume from.</param>
    /// <param name="workers">Windows to learn from at the same time, each on one thread; does not change the result.</param>
    public DemoTrainer(DemoVocabulary vocabulary, int seed, string checkpoint, int workers)
    {
        var config = DemoModel.Config(vocabulary.Tokens.Count);
        _weights = DemoModel.Initialise(config, seed);
        _model = new Transformer(config, _weights);
        _names = [.. _weights.Keys];
        _optimiser = new AdamW([.. _weights.Values], secondDecay: SecondDecay);
        _reader = new LessonReader(vocabulary);
        _lessons = new Lessons(seed);
        _seed = seed;
        _checkpoint = checkpoint;
        _parallel = new ParallelOptions { MaxDegreeOfParallelism = workers };
    }

    /// <summary>The model being trained; it owns its weights and the prompt tokens.</summary>
    public Transformer Model => _model;

    /// <summary>Weights by GGUF name, and the prompt tokens under <see cref="DemoModel.PromptTokenName"/>.</summary>
    public IReadOnlyDictionary<string, Tensor> Weights => _weights;

    public int Steps { get; private set; }

    /// <summary>Time trained so far, in all runs together.</summary>
    public TimeSpan Elapsed { get; private set; }

    /// <summary>Continues from the checkpoint.</summary>
    public void Resume() => (Steps, Elapsed) = DemoCheckpoint.Load(_checkpoint, State);

    /// <summary>Trains until <paramref name="duration"/> is over in all, saving a checkpoint now and then and at the end.</summary>
    /// <param name="duration">Of the whole training, resumed runs together.</param>
    /// <param name="aloneIsOver">Called once the model has learned alone, before prompt tokens take part.</param>
    /// <param name="report">Called now and then.</param>
    /// <param name="cancellationToken">Ends the training after the step at hand.</param>
    public void Run(TimeSpan duration, Action aloneIsOver, Action<TrainingProgress> report, CancellationToken cancellationToken)
    {
        _aloneIsOver = Elapsed >= AloneFraction * duration;
        var (before, clock, saved) = (Elapsed, Stopwatch.StartNew(), TimeSpan.Zero);
        var alone = Windows(Alone);
        var together = Windows(Together);
        double loss = 0, promptLoss = 0;
        var (since, sinceElapsed) = (Steps, Elapsed);
        while (Elapsed < duration && !cancellationToken.IsCancellationRequested)
        {
            var fraction = Elapsed / duration;
            var shape = fraction < AloneFraction ? Alone : Together;
            if (shape == Together && !_aloneIsOver)
            {
                _aloneIsOver = true;
                aloneIsOver();
            }
            var losses = Step(shape == Alone ? alone : together, shape, fraction);
            (loss, promptLoss) = (loss + losses.Text, promptLoss + losses.Prompt);
            Elapsed = before + clock.Elapsed;
            if (Steps % ReportEvery == 0)
            {
                var steps = Steps - since;
                report(new(Steps, fraction, loss / steps, promptLoss / steps, steps * WindowsPerStep * Alone.Text / (Elapsed - sinceElapsed).TotalSeconds));
                (loss, promptLoss, since, sinceElapsed) = (0, 0, Steps, Elapsed);
            }
            if (clock.Elapsed - saved < SaveEvery) continue;
            DemoCheckpoint.Save(_checkpoint, Steps, Elapsed, State);
            saved = clock.Elapsed;
        }
        DemoCheckpoint.Save(_checkpoint, Steps, Elapsed, State);
    }

    Dictionary<string, Tensor> State => _weights.Concat(_optimiser.State.Select((moment, i) => KeyValuePair.Create(_names[i % _names.Length] + (i < _names.Length ? ".m" : ".v"), moment))).ToDictionary();

    static Window[] Windows(WindowShape shape) => [.. Enumerable.Range(0, WindowsPerStep).Select(_ => new Window(shape))];

    // One thread a window, as the operations are too small to share: gradients of all windows add up in the weights.
    (float Text, float Prompt) Step(Window[] windows, WindowShape shape, double fraction)
    {
        var losses = new (float Text, float Prompt)[windows.Length];
        var copyShare = fraction < CopyFirst ? CopyShareFirst : CopyShareLater;
        Parallel.For(0, windows.Length, _parallel, i => losses[i] = Learn(windows[i], shape, Steps * windows.Length + i, copyShare));
        _optimiser.Clip(MostGradient);
        _optimiser.Step(++Steps, Rate(fraction), WeightDecay, _parallel.MaxDegreeOfParallelism);
        return (losses.Average(loss => loss.Text), losses.Average(loss => loss.Prompt));
    }

    (float Text, float Prompt) Learn(Window window, WindowShape shape, int number, double copyShare)
    {
        using var scope = NewDisposeScope();
        var lesson = number * LessonsPerWindow;
        window.Fill(() => _reader.Read(_lessons.Make(lesson++, copyShare)), new Random(unchecked(_seed + number)));
        var (ids, positions, mask, targets, weights) = window.ToTensors();
        var embeddings = _model.Embed(ids);
        if (shape.Groups > 0) embeddings = cat([embeddings, _weights[DemoModel.PromptTokenName].repeat(shape.Groups, 1).unsqueeze(0)], 1);
        var losses = Losses(_model.Logits(_model.Forward(embeddings, positions, mask)), targets, weights);
        var text = Mean(losses, weights, 0, shape.Text);
        var prompt = shape.Groups > 0 ? Mean(losses, weights, shape.Text, shape.Columns) : null;
        var total = prompt is null ? text : text.Plus(prompt);
        (total / _windowsPerStep).backward();
        return (text.item<float>(), prompt?.item<float>() ?? float.NaN);
    }

    // Cross entropy of every column times its weight, [rows, columns].
    static Tensor Losses(Tensor logits, Tensor targets, Tensor weights) =>
        F.cross_entropy(logits.flatten(0, 1), targets.flatten(), reduction: TorchSharp.torch.nn.Reduction.None).reshape(targets.shape) * weights;

    static Tensor Mean(Tensor losses, Tensor weights, int from, int to) => losses.narrow(1, from, to - from).sum() / weights.narrow(1, from, to - from).sum();

    // Level for most of the time: a small model finds out how to copy late, and not at low rates.
    double Rate(double fraction) =>
        PeakRate * Math.Min(1, (Steps + 1) / WarmUpSteps) * (LastRate + (1 - LastRate) * Math.Min(1, Math.Max(0, 1 - fraction) / FallFraction));
}
