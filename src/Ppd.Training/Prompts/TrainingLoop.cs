namespace Ppd.Training.Prompts;

/// <summary>Steps, evaluations and checkpoints of one run until it is finished.</summary>
/// <param name="trainer">Steps.</param>
/// <param name="checkpoint">File that is rewritten after every evaluation; null for none.</param>
/// <param name="key">Of the run.</param>
/// <param name="seconds">The clock that minutes are counted by; any start.</param>
/// <param name="evaluations">How many there are, besides the one before training.</param>
sealed class TrainingLoop(PromptTrainer trainer, string? checkpoint, string key, Func<double> seconds, int evaluations = 20)
{
    const int Trial = 6;            // steps that are timed before the number of steps is planned
    const int MostSteps = 1_000_000;

    /// <param name="steps">Steps of the run, which then ends with the same bits however often it is interrupted; null goes by <paramref name="minutes"/>.</param>
    /// <param name="minutes">About how long; the number of steps follows the speed so far and is planned again after every evaluation.</param>
    /// <param name="progress">Told after every step.</param>
    /// <param name="evaluated">Told after every evaluation.</param>
    /// <param name="cancellationToken">Stops after the running step; the last checkpoint stays.</param>
    public void Run(int? steps, double minutes, Action progress, Action<ProgressPoint> evaluated, CancellationToken cancellationToken)
    {
        var start = seconds() - trainer.Seconds;
        if (trainer.History.Count == 0)
        {
            trainer.TotalSteps = steps ?? MostSteps;
            Evaluate(evaluated);
        }
        while (!trainer.Finished)
        {
            cancellationToken.ThrowIfCancellationRequested();
            trainer.Train();
            trainer.Seconds = seconds() - start;
            progress();
            var planned = steps is null && trainer.Step == Trial;
            if (planned) Plan(minutes);
            if (trainer.Step % Math.Max(1, trainer.TotalSteps / evaluations) == 0 || trainer.Step == trainer.TotalSteps)
            {
                if (steps is null && !planned) Plan(minutes);
                Evaluate(evaluated);
            }
        }
    }

    // As many steps more as fit into the time left at the average speed so far, evaluations included.
    void Plan(double minutes) =>
        trainer.TotalSteps = trainer.Step + (int)Math.Clamp((minutes * 60 - trainer.Seconds) * trainer.Step / trainer.Seconds, 0, MostSteps);

    void Evaluate(Action<ProgressPoint> evaluated)
    {
        var point = trainer.Evaluate();
        evaluated(point);
        if (checkpoint is not null) Checkpoint.Write(checkpoint, key, trainer.Save());
    }
}
