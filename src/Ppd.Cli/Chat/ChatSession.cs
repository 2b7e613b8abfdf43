using System.Collections.Concurrent;
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
sealed class ChatSession(IChatClient client, ChatOptions options, ConcurrentQueue<PpdStep>? steps, string? system, Terminal terminal, Interruption interruption)
{
    readonly List<ChatMessage> _messages = [];      // without the system message

    /// <summary>How the model is to behave from the next reply on; null: no system message. Outlives <see cref="Reset"/>.</summary>
    public string? System { get; set; } = system;

    /// <summary>Whether each reply is followed by what it took.</summary>
    public bool ShowsStatistics { get; set; } = true;

    public void Reset() => _messages.Clear();

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
            Explain();
            terminal.Note("Interrupted.");
            _messages.Add(new ChatMessage(ChatRole.Assistant, reply.ToString()));
            return ReplyOutcome.Interrupted;
        }
        catch (Exception error) when (Failure.IsExpected(error))
        {
            if (reply.Length > 0) terminal.EndReply();
            Explain();
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
        ChatFinishReason? finish = null;
        var thinks = false;
        IEnumerable<ChatMessage> messages = System is null ? _messages : [new ChatMessage(ChatRole.System, System), .. _messages];
        await foreach (var update in client.GetStreamingResponseAsync(messages, options, cancelled))
        {
            foreach (var thought in update.Contents.OfType<TextReasoningContent>())
            {
                terminal.Think(thought.Text);
                thinks = true;
            }
            if (thinks && update.Text.Length > 0)
            {
                terminal.EndThoughts();
                thinks = false;
            }
            terminal.Reply(update.Text);
            reply.Append(update.Text);
            statistics = update.AdditionalProperties?[PpdGenerationStatistics.Key] as PpdGenerationStatistics;
            finish = update.FinishReason;
        }
        terminal.EndReply();
        Explain();
        var note = $"{(finish == ChatFinishReason.Length ? "Cut off: the limit of tokens is reached. " : "")}{(ShowsStatistics ? statistics : null)}";
        if (note != "") terminal.Note(note);
        _messages.Add(new ChatMessage(ChatRole.Assistant, reply.ToString()));
    }

    void Explain()
    {
        while (steps?.TryDequeue(out var step) == true) terminal.Note(StepLine.Of(step));
    }
}
