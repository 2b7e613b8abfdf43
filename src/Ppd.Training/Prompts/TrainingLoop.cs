namespace Ppd.Training.Prompts;

/// <summary>Steps, evaluations and checkpoints of one run until it is finished.</summary>
/// <param name="trainer">Steps.</param>
/// <param name="checkpoint">File that is rewritten after every evaluation; null for none.</param>
/// <param name="key">Of the run.</param>
/// <param name="seconds">The clock that minutes are counted by; any start.</param>
sealed class TrainingLoop(PromptTrainer trainer, string? checkpoint, string key, Func<double> seconds)
{
    const int Evaluations = 20;
    const int Trial = 6;        // steps that are timed before the number of steps is fixed

    /// <param name="steps">Steps of the run; null derives them from <paramref name="minutes"/> and the speed of the first ones.</param>
    /// <param name="minutes">About how long.</param>
    /// <param name="progress">Told after every step.</param>
    /// <param name="evaluated">Told after every evaluation.</param>
    /// <param name="cancellationToken">Stops after the running step; the last checkpoint stays.</param>
    public void Run(int? steps, double minutes, Action progress, Action<ProgressPoint> evaluated, CancellationToken cancellationToken)
    {
        if (trainer.Step == 0) Start(steps, minutes, evaluated, cancellationToken);
        var interval = Math.Max(1, trainer.TotalSteps / Evaluations);
        while (!trainer.Finished)
        {
            cancellationToken.ThrowIfCancellationRequested();
            trainer.Train();
            progress();
            if (trainer.Step % interval == 0 || trainer.Step == trainer.TotalSteps) Evaluate(evaluated);
        }
    }

    void Start(int? steps, double minutes, Action<ProgressPoint> evaluated, CancellationToken cancellationToken)
    {
        var start = seconds();
        Evaluate(evaluated);
        var evaluation = seconds() - start;
        if (steps is { } given)
        {
            trainer.TotalSteps = given;
            return;
        }
        trainer.TotalSteps = int.MaxValue;      // the first steps run at the full learning rate
        for (var i = 0; i < Trial; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (i == 1) start = seconds();       // the first allocates
            trainer.Train();
        }
        var step = (seconds() - start) / (Trial - 1);
        trainer.TotalSteps = (int)Math.Clamp((minutes * 60 - (Evaluations + 1) * evaluation) / step, 2 * Trial, 1_000_000);
    }

    void Evaluate(Action<ProgressPoint> evaluated)
    {
        var point = trainer.Evaluate();
        evaluated(point);
        if (checkpoint is not null) Checkpoint.Write(checkpoint, key, trainer.Save());
    }
}
