using Ppd.Templates;
using Spectre.Console;

namespace Ppd.Training.Commands;

/// <summary>Results go to standard output; progress, notes and errors to standard error.</summary>
sealed class Terminal
{
    readonly bool _interactive = !Console.IsErrorRedirected;
    readonly IAnsiConsole _error = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });

    public void Note(string text) => Console.Error.WriteLine(text);

    /// <summary>Runs a command; an error that is told on purpose becomes one line and exit code 1, Ctrl+C <paramref name="interrupted"/> and 130.</summary>
    public async Task<int> Guard(Func<Task> action, string interrupted = "Interrupted.")
    {
        try
        {
            await action();
            return 0;
        }
        catch (OperationCanceledException)
        {
            Note(interrupted);
            return 130;
        }
        catch (Exception error) when (error is PpdException or TemplateException or ArgumentException or NotSupportedException or IOException or UnauthorizedAccessException)
        {
            Note(error is ArgumentException { ParamName: { } name } ? error.Message.Replace($" (Parameter '{name}')", "") : error.Message);
            return 1;
        }
    }

    /// <summary>A bar with the time left while <paramref name="work"/> runs; nothing where nobody watches.</summary>
    public void Progress(string title, Action<Action<double, double>> work)
    {
        if (!_interactive)
        {
            work((_, _) => { });
            return;
        }
        _error.Progress().Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn()).Start(context =>
        {
            var task = context.AddTask(Markup.Escape(title));
            work((done, total) => (task.MaxValue, task.Value) = (total, done));
        });
    }
}
