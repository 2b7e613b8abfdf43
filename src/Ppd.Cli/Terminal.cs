using System.Text;
using Spectre.Console;

namespace Ppd.Cli;

/// <summary>
/// Where the program writes: results to standard output, everything else to standard error. Texts of others (models, files, users) go through
/// <see cref="Safe"/> and are never read as Spectre markup.
/// </summary>
sealed class Terminal
{
    static readonly Style Red = new(Color.Red), Dim = new(decoration: Decoration.Dim);

    readonly bool _outputIsTerminal = !Console.IsOutputRedirected;

    /// <summary>Standard output.</summary>
    public IAnsiConsole Output { get; } = Create(Console.Out, Console.IsOutputRedirected);

    /// <summary>Standard error.</summary>
    public IAnsiConsole Error { get; } = Create(Console.Error, Console.IsErrorRedirected);

    /// <summary>Somebody types and reads: prompts, progress and greetings have a point.</summary>
    public bool Interactive { get; } = !Console.IsInputRedirected && !Console.IsOutputRedirected && !Console.IsErrorRedirected;

    /// <summary>A piece of a model's reply, exactly as it is unless it goes to a terminal.</summary>
    public void Reply(string text) => Console.Out.Write(_outputIsTerminal ? Safe(text) : text);

    /// <summary>Ends the line that a reply has left open.</summary>
    public void EndReply() => Console.Out.WriteLine();

    /// <summary>A piece of what a model thinks before it replies; not part of the reply.</summary>
    public void Think(string text) => Error.Write(new Text(Safe(text), Dim));

    /// <summary>Ends the lines of thoughts, before the reply.</summary>
    public void EndThoughts() => Error.WriteLine();

    /// <summary>An error, without stack trace.</summary>
    public void Fail(Exception error) => Fail(Failure.Text(error));

    public void Fail(string message) => Error.WriteLine(Safe(message), Red);

    public void Note(string text) => Error.WriteLine(Safe(text), Dim);

    /// <summary>Control characters, which could move the cursor or change the terminal's state, become visible signs; line ends and tabs stay.</summary>
    public static string Safe(string text)
    {
        if (!text.Any(IsUnsafe)) return text;
        var safe = new StringBuilder(text.Length);
        foreach (var c in text) safe.Append(!IsUnsafe(c) ? c : c < ' ' ? (char)('\u2400' + c) : '\uFFFD');
        return safe.ToString();
    }

    static bool IsUnsafe(char c) => char.IsControl(c) && c is not ('\n' or '\t');

    static IAnsiConsole Create(TextWriter writer, bool redirected)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            // without these, colours would be written into files on build servers
            Enrichment = new ProfileEnrichment { UseDefaultEnrichers = false },
        });
        // a file or pipe has no right margin
        if (redirected) console.Profile.Width = 1 << 20;
        return console;
    }
}
