using System.Collections.Concurrent;
using System.CommandLine;
using Spectre.Console;

namespace Ppd.Cli.Chat;

/// <summary><c>ppd chat MODEL</c>: a conversation in the terminal, or prompts from a pipe.</summary>
static class ChatCommand
{
    public static Command Create(Terminal terminal)
    {
        var arguments = new ChatArguments();
        var command = new Command("chat", $"Talks with a model. Piped input is one prompt per line. {Conversation.Help}");
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
            var steps = arguments.Explain(parsed) ? new ConcurrentQueue<PpdStep>() : null;
            var session = new ChatSession(client, arguments.Request(parsed, steps == null ? null : steps.Enqueue), steps, arguments.System(parsed), terminal, interruption);
            return arguments.Prompt(parsed) is { } prompt ? Code(await session.Reply(prompt)) : await new Conversation(session, terminal).Run();
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
        if (!terminal.Interactive) return PpdModel.LoadAsync(options);
        var bar = terminal.Error.Progress().AutoClear(true).Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn());
        return bar.StartAsync(context => PpdModel.LoadAsync(options, progress: new LoadProgress(context.AddTask("Loading the model", maxValue: 1))));
    }

    static int Code(ReplyOutcome outcome) => outcome switch
    {
        ReplyOutcome.Complete => ExitCode.Success,
        ReplyOutcome.Interrupted => ExitCode.Interrupted,
        _ => ExitCode.Failure,
    };

    // not Progress<T>, whose reports may arrive late and out of order
    sealed class LoadProgress(ProgressTask task) : IProgress<float>
    {
        public void Report(float value) => task.Value = value;
    }
}
