using Ppd.Training.Data;
using Ppd.Training.Model;
using static TorchSharp.torch;

namespace Ppd.Training.Prompts;

/// <summary>One evaluation during a run.</summary>
/// <param name="Step">Steps done.</param>
/// <param name="Loss">Mean over the steps since the last one.</param>
/// <param name="Accuracy">On held-out text.</param>
sealed record ProgressPoint(int Step, double Loss, GuessAccuracy Accuracy);

/// <summary>Trains prompt tokens for a frozen model, step by step. Everything random follows from the seed and the step number.</summary>
sealed class PromptTrainer : IDisposable
{
    readonly Transformer _model;
    readonly PromptTrainingOptions _options;
    readonly IReadOnlyList<PackedRow> _text;
    readonly Evaluation _evaluation;
    readonly PackedForward _forward;
    readonly AdamW _optimiser;
    double _lossSum;
    int _lossSteps;

    public PromptTrainer(Transformer model, TokenText text, PromptTrainingOptions options)
    {
        _model = model;
        _options = options;
        _text = PackedText.Pack(text.Training, options.Length, options.Count).FindAll(row => row.Points.Length > 0);
        if (_text.Count == 0) throw new PpdException($"No document has the {options.Count + 2} tokens that {options.Count} prompt tokens need; give more text.");
        _evaluation = new Evaluation(text.HeldOut, options.Length, options.Count, options.BatchRows);
        Prompts = PromptParameters.Create(model, options.Count, options.Ensemble, options.Rank, options.Init, options.Seed);
        _forward = new PackedForward(model, Prompts, options.Mask);
        _optimiser = new AdamW(Prompts.All);
    }

    public PromptParameters Prompts { get; }

    /// <summary>Steps done.</summary>
    public int Step { get; private set; }

    /// <summary>Steps of the whole run; the learning rate reaches 0 at its end.</summary>
    public int TotalSteps { get; set; } = 1;

    /// <summary>The values with the best evaluation so far.</summary>
    public List<float[]> Best { get; private set; } = [];

    public double BestScore { get; private set; }

    /// <summary>Evaluations since the best one.</summary>
    public int SinceBest { get; private set; }

    public bool Finished => Step >= TotalSteps || (_options.Patience > 0 && SinceBest >= _options.Patience);

    /// <summary>One step; returns its loss.</summary>
    public double Train()
    {
        using var scope = NewDisposeScope();
        var batch = Batch.Draw(_text, _options.BatchRows, _options.Points, _options.Seed, Step, _model.Device);
        var (student, teacher) = _forward.Run(batch);
        var tokens = batch.Ids.gather(1, batch.Behind(_options.Count, 1).reshape(batch.Rows, -1)).reshape(batch.Rows, batch.PointsPerRow, _options.Count);
        var loss = PromptLoss.Of(_options.Loss, student, teacher, tokens);
        loss.backward();
        Step++;
        _optimiser.Step(Step, _options.LearningRate * 0.5 * (1 + Math.Cos(Math.PI * (Step - 1) / TotalSteps)));
        var value = loss.item<float>();
        if (!float.IsFinite(value))
            throw new PpdException($"The loss is {value} after {Step} steps: training diverged. Use a smaller learning rate (--learning-rate, now {_options.LearningRate}).");
        _lossSum += value;
        _lossSteps++;
        return value;
    }

    /// <summary>Measures the present values and remembers them where they are the best so far.</summary>
    public ProgressPoint Evaluate()
    {
        var accuracy = _evaluation.Measure(Guesses, _model.Device);
        if (accuracy.Score > BestScore)
        {
            (BestScore, SinceBest) = (accuracy.Score, 0);
            Best = [.. Prompts.All.Select(PromptParameters.Floats)];
        }
        else SinceBest++;
        var point = new ProgressPoint(Step, _lossSteps == 0 ? 0 : _lossSum / _lossSteps, accuracy);
        (_lossSum, _lossSteps) = (0, 0);
        return point;
    }

    /// <summary>Puts the best values back and measures them.</summary>
    public GuessAccuracy RestoreBest()
    {
        Prompts.Set(Best);
        return _evaluation.Measure(Guesses, _model.Device);
    }

    /// <summary>Everything that the next step depends on.</summary>
    public TrainerState Save() => new(Step, TotalSteps, BestScore, SinceBest, _lossSum, _lossSteps,
        [.. Prompts.All.Select(PromptParameters.Floats)], [.. _optimiser.State.Select(PromptParameters.Floats)], Best);

    public void Restore(TrainerState state)
    {
        (Step, TotalSteps, BestScore, SinceBest, _lossSum, _lossSteps) = (state.Step, state.TotalSteps, state.BestScore, state.SinceBest, state.LossSum, state.LossSteps);
        Best = state.Best;
        Prompts.Set(state.Parameters);
        using var frozen = no_grad();
        foreach (var (target, values) in _optimiser.State.Zip(state.Optimiser))
        {
            using var source = tensor(values);
            using var shaped = source.reshape(target.shape).to(target.device);
            target.copy_(shaped);
        }
    }

    public void Dispose()
    {
        _forward.Dispose();
        _optimiser.Dispose();
        Prompts.Dispose();
    }

    Tensor Guesses(Batch batch) => _forward.Run(batch).Student;
}

/// <summary>A trainer between two steps.</summary>
sealed record TrainerState(int Step, int TotalSteps, double BestScore, int SinceBest, double LossSum, int LossSteps,
    List<float[]> Parameters, List<float[]> Optimiser, List<float[]> Best);
