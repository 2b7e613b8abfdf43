using Spectre.Console;

namespace Ppd.Cli.Chat;

/// <summary>Reads lines and acts on them: what begins with a slash is a command, the rest goes to the model.</summary>
sealed class Conversation(ChatSession session, Terminal terminal)
{
    public const string Help = "/system TEXT sets the system message, /stats on or off shows or hides statistics, /reset forgets the conversation, /exit ends; Ctrl+C stops a reply.";

    int _code = ExitCode.Success;

    /// <summary>Returns the exit code: failure where a line failed and nobody was there to see it.</summary>
    public async Task<int> Run()
    {
        if (terminal.Interactive) terminal.Note(Help);
        while (true)
        {
            if (terminal.Interactive) terminal.Output.Write(new Text("> "));
            if (Console.In.ReadLine() is not { } line) return _code;
            if (line.StartsWith('/'))
            {
                var (command, argument) = Split(line);
                if (command == "/exit" && argument == "") return _code;
                if (!Obey(command, argument)) Fail($"'{line}' is no command. {Help} Begin a text with a space where it is to begin with a slash.");
            }
            else if (!string.IsNullOrWhiteSpace(line) && await session.Reply(line) == ReplyOutcome.Failed)
            {
                Failed();
            }
        }
    }

    bool Obey(string command, string argument)
    {
        switch (command, argument)
        {
            case ("/reset", ""):
                session.Reset();
                terminal.Note("The conversation is forgotten.");
                return true;
            case ("/system", var text):
                session.System = text == "" ? null : text;
                terminal.Note(text == "" ? "There is no system message any more." : "The system message is set.");
                return true;
            case ("/stats", "on" or "off"):
                session.ShowsStatistics = argument == "on";
                return true;
            default:
                return false;
        }
    }

    void Fail(string message)
    {
        terminal.Fail(message);
        Failed();
    }

    // a person has seen the error; a script learns of it from the exit code
    void Failed()
    {
        if (!terminal.Interactive) _code = ExitCode.Failure;
    }

    static (string Command, string Argument) Split(string line) =>
        line.IndexOf(' ') is var space and > 0 ? (line[..space], line[space..].Trim()) : (line.TrimEnd(), "");
}
