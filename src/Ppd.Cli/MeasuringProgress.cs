using Spectre.Console;

namespace Ppd.Cli;

/// <summary>How far a measurement is: a bar for people, a few lines for logs.</summary>
static class MeasuringProgress
{
    /// <param name="terminal">Where it is shown.</param>
    /// <param name="total">Parts of the measurement.</param>
    /// <param name="run">Measures, and tells the argument how many parts are done.</param>
    public static Task Run(Terminal terminal, int total, Func<Action<int>, Task> run)
    {
        if (!terminal.Interactive)
        {
            var shown = 0;
            return run(done =>
            {
                if (10 * done / total == shown) return;
                shown = 10 * done / total;
                terminal.Note($"{10 * shown} % measured");
            });
        }
        var bar = terminal.Error.Progress().AutoClear(true).Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn());
        return bar.StartAsync(context =>
        {
            var task = context.AddTask("Measuring", maxValue: total);
            return run(done => task.Value = done);
        });
    }
}
