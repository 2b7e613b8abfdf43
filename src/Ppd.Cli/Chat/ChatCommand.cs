using System.CommandLine;
using Spectre.Console;

namespace Ppd.Cli.Chat;

/// <summary><c>ppd chat MODEL</c>: a conversation in the terminal, or prompts from a pipe.</summary>
static class ChatCommand
{
    public static Command Create(Terminal terminal)
    {
        var arguments = new ChatArguments();
        var command = new Command("chat", "Talks with a model. Piped input is one prompt per line. /reset forgets the conversation, /exit ends; Ctrl+C stops a reply.");
        arguments.AddTo(command);
        command.SetAction((parsed, _) => Run(terminal, arguments, parsed));
        return command;
    }

    static async Task<int> Run(Terminal terminal, ChatArguments arguments, ParseResult parsed)
    {
        try
        {
            using var model = await Load(terminal, arguments.Model(parsed), arguments.Verbose(parsed));
            using var client = new PpdChatClient(model);
            using var interruption = new Interruption();
            var session = new ChatSession(client, arguments.Request(parsed), arguments.System(parsed), terminal, interruption);
            return arguments.Prompt(parsed) is { } prompt ? Code(await session.Reply(prompt)) : await Converse(session, terminal);
        }
        catch (Exception error) when (Failure.IsExpected(error))
        {
            terminal.Fail(error);
            return ExitCode.Failure;
        }
    }

    static Task<PpdModel> Load(Terminal terminal, PpdModelOptions options, bool verbose)
    {
        if (verbose) return PpdModel.LoadAsync(options, new StandardErrorLog());
        return terminal.Interactive
            ? terminal.Error.Status().StartAsync("Loading the model", _ => PpdModel.LoadAsync(options))
            : PpdModel.LoadAsync(options);
    }

    static async Task<int> Converse(ChatSession session, Terminal terminal)
    {
        if (terminal.Interactive) terminal.Note("/reset forgets the conversation, /exit ends; Ctrl+C stops a reply.");
        var code = ExitCode.Success;
        while (true)
        {
            if (terminal.Interactive) terminal.Output.Write(new Text("> "));
            if (Console.In.ReadLine() is not { } line) return code;
            switch (line.Trim())
            {
                case "":
                    break;
                case "/exit":
                    return code;
                case "/reset":
                    session.Reset();
                    terminal.Note("The conversation is forgotten.");
                    break;
                default:
                    // a person has seen the error; a script learns of it from the exit code
                    if (await session.Reply(line) == ReplyOutcome.Failed && !terminal.Interactive) code = ExitCode.Failure;
                    break;
            }
        }
    }

    static int Code(ReplyOutcome outcome) => outcome switch
    {
        ReplyOutcome.Complete => ExitCode.Success,
        ReplyOutcome.Interrupted => ExitCode.Interrupted,
        _ => ExitCode.Failure,
    };
}
