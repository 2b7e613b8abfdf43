using Ppd.Drafting;
using Ppd.Training.Data;
using Ppd.Training.Model;
using static TorchSharp.torch;

namespace Ppd.Training.Prompts;

/// <summary>Trains a guesser for a frozen model, step by step. Everything random follows from the seed and the step number.</summary>
sealed class PromptTrainer : IDisposable
{
    readonly Transformer _model;
    readonly PromptTrainingOptions _options;
    readonly IReadOnlyList<PackedRow> _text;
    readonly Evaluation _evaluation;
    readonly IGuesser _guesser;
    readonly AdamW _optimiser;
    double _lossSum;
    int _lossSteps;

    /// <summary>Takes over the guesser.</summary>
    public PromptTrainer(Transformer model, IGuesser guesser, TokenText text, PromptTrainingOptions options)
    {
        _model = model;
        _guesser = guesser;
        _options = options;
        _text = PackedText.Pack(text.Training, options.Length, options.Count).FindAll(row => row.Points.Length > 0);
        if (_text.Count == 0) throw new PpdException($"No document has the {options.Count + 2} tokens that {options.Count} prompt tokens need; give more text.");
        _evaluation = new Evaluation(text.HeldOut, options.Length, options.Count, options.BatchRows);
        _optimiser = new AdamW(guesser.Parameters);
    }

    /// <summary>Steps done.</summary>
    public int Step { get; private set; }

    /// <summary>Steps of the whole run; the learning rate reaches 0 at its end.</summary>
    public int TotalSteps { get; set; } = 1;

    /// <summary>How long the run has taken so far, by the clock of its loop.</summary>
    public double Seconds { get; set; }

    /// <summary>The values with the best evaluation so far.</summary>
    public List<float[]> Best { get; private set; } = [];

    /// <summary>All evaluations of the run, also those before it was resumed; the first is before training.</summary>
    public List<ProgressPoint> History { get; private set; } = [];

    public double BestScore { get; private set; }

    /// <summary>Evaluations since the best one.</summary>
    public int SinceBest { get; private set; }

    public bool Finished => Step >= TotalSteps || (_options.Patience > 0 && SinceBest >= _options.Patience);

    /// <summary>One step; returns its loss.</summary>
    public double Train()
    {
        using var scope = NewDisposeScope();
        var batch = Batch.Draw(_text, _options.BatchRows, _options.Points, _options.Seed, Step, _model.Device);
        var (student, teacher) = _guesser.Run(batch);
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
        var (hits, _) = _evaluation.Measure(Guesses, _model.Device);
        if (hits.Score > BestScore)
        {
            (BestScore, SinceBest) = (hits.Score, 0);
            Best = [.. _guesser.Parameters.Select(PromptParameters.Floats)];
        }
        else SinceBest++;
        var point = new ProgressPoint(Step, _lossSteps == 0 ? 0 : _lossSum / _lossSteps, hits);
        History.Add(point);
        (_lossSum, _lossSteps) = (0, 0);
        return point;
    }

    /// <summary>Puts the best values back and measures them.</summary>
    public (HitRates Hits, CalibrationCurve[] Calibration) RestoreBest()
    {
        Set(_guesser.Parameters, Best);
        return _evaluation.Measure(Guesses, _model.Device);
    }

    /// <summary>Everything that the next step depends on.</summary>
    public TrainerState Save() => new(Step, TotalSteps, Seconds, BestScore, SinceBest, _lossSum, _lossSteps,
        [.. _guesser.Parameters.Select(PromptParameters.Floats)], [.. _optimiser.State.Select(PromptParameters.Floats)], Best, [.. History]);

    public void Restore(TrainerState state)
    {
        (Step, TotalSteps, Seconds, BestScore, SinceBest, _lossSum, _lossSteps) = (state.Step, state.TotalSteps, state.Seconds, state.BestScore, state.SinceBest, state.LossSum, state.LossSteps);
        Best = state.Best;
        History = state.History;
        Set(_guesser.Parameters, state.Parameters);
        Set(_optimiser.State, state.Optimiser);
    }

    public void Dispose()
    {
        _guesser.Dispose();
        _optimiser.Dispose();
    }

    Tensor Guesses(Batch batch) => _guesser.Run(batch).Student;

    static void Set(IEnumerable<Tensor> targets, List<float[]> values)
    {
        using var frozen = no_grad();
        foreach (var (target, source) in targets.Zip(values))
        {
            using var scope = NewDisposeScope();
            target.copy_(tensor(source).reshape(target.shape).to(target.device));
        }
    }
}

/// <summary>A trainer between two steps.</summary>
sealed record TrainerState(int Step, int TotalSteps, double Seconds, double BestScore, int SinceBest, double LossSum, int LossSteps,
    List<float[]> Parameters, List<float[]> Optimiser, List<float[]> Best, List<ProgressPoint> History);
