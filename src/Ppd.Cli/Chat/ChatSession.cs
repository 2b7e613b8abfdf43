using System.Text;
using Microsoft.Extensions.AI;

namespace Ppd.Cli.Chat;

enum ReplyOutcome
{
    Complete,
    Interrupted,
    Failed,
}

/// <summary>One conversation: what was said so far, and replies that are written while they come.</summary>
sealed class ChatSession(IChatClient client, ChatOptions options, string? system, Terminal terminal, Interruption interruption)
{
    readonly List<ChatMessage> _messages = Beginning(system);

    public void Reset()
    {
        _messages.Clear();
        _messages.AddRange(Beginning(system));
    }

    /// <summary>Writes the reply and its statistics. An interrupted reply stays in the conversation as far as it came, a failed one leaves no trace.</summary>
    public async Task<ReplyOutcome> Reply(string prompt)
    {
        var said = _messages.Count;
        _messages.Add(new ChatMessage(ChatRole.User, prompt));
        var reply = new StringBuilder();
        var cancelled = interruption.Begin();
        try
        {
            await Stream(reply, cancelled);
            return ReplyOutcome.Complete;
        }
        catch (OperationCanceledException) when (cancelled.IsCancellationRequested)
        {
            terminal.EndReply();
            terminal.Note("Interrupted.");
            _messages.Add(new ChatMessage(ChatRole.Assistant, reply.ToString()));
            return ReplyOutcome.Interrupted;
        }
        catch (Exception error) when (Failure.IsExpected(error))
        {
            if (reply.Length > 0) terminal.EndReply();
            terminal.Fail(error);
            _messages.RemoveRange(said, _messages.Count - said);
            return ReplyOutcome.Failed;
        }
        finally
        {
            interruption.End();
        }
    }

    async Task Stream(StringBuilder reply, CancellationToken cancelled)
    {
        PpdGenerationStatistics? statistics = null;
        await foreach (var update in client.GetStreamingResponseAsync(_messages, options, cancelled))
        {
            terminal.Reply(update.Text);
            reply.Append(update.Text);
            statistics = update.AdditionalProperties?[PpdGenerationStatistics.Key] as PpdGenerationStatistics;
        }
        terminal.EndReply();
        terminal.Note($"{statistics}");
        _messages.Add(new ChatMessage(ChatRole.Assistant, reply.ToString()));
    }

    static List<ChatMessage> Beginning(string? system) => system is null ? [] : [new ChatMessage(ChatRole.System, system)];
}
