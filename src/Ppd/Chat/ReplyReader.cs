using Microsoft.Extensions.AI;
using Ppd.Chat.Tools;

namespace Ppd.Chat;

/// <summary>Takes the text of a reply apart as it grows: thoughts, answer, calls of functions.</summary>
sealed class ReplyReader
{
    readonly ReplyOutput _output;
    readonly ReasoningReader? _reasoning;
    readonly ToolCallReader? _calls;
    readonly HarmonyReader? _channels;

    /// <param name="prompt">The prompt the reply continues.</param>
    /// <param name="ids">Where ids of calls come from.</param>
    internal ReplyReader(ChatPrompt prompt, CallIds ids)
    {
        var tools = prompt.Tools is { ReadsCalls: true } ? prompt.Tools : null;
        var format = prompt.Layout.Calls;
        _output = new ReplyOutput(tools, ids, severalCalls: tools is { AllowsSeveral: true } && format?.Between != null);
        if (prompt.Layout.InChannels) _channels = new HarmonyReader(tools?.Tools, _output);
        else
        {
            if (prompt.Layout.Reasoning is { } reasoning) _reasoning = new ReasoningReader(reasoning, _output, prompt.StartsInReasoning);
            if (tools != null) _calls = new ToolCallReader(format!, tools.Tools, _output);
        }
    }

    /// <summary>Whether the reply is to end here.</summary>
    internal bool IsClosed => _output.IsClosed;

    /// <summary>Whether the next text belongs to the thoughts.</summary>
    internal bool IsInReasoning => _reasoning is { IsInside: true } || _channels is { IsInReasoning: true };

    internal bool HasCalls => _output.Calls > 0;

    /// <summary>Why the finished reply is not what was asked for; null if it is.</summary>
    internal PpdToolCallException? Failure => _output.Failure;

    /// <summary>Adds text.</summary>
    internal void Push(ReadOnlySpan<char> text) => Push(text, complete: false);

    /// <summary>The reply ends here.</summary>
    internal void Finish() => Push([], complete: true);

    /// <summary>What came since the last time.</summary>
    internal IReadOnlyList<AIContent> Take() => _output.Take();

    void Push(ReadOnlySpan<char> text, bool complete)
    {
        if (_output.IsClosed) return;
        if (_channels != null)
        {
            _channels.Push(text, complete);
            return;
        }
        if (_reasoning != null) text = _reasoning.Push(text, complete);
        if (_calls != null) _calls.Push(text, complete);
        else _output.Text(text);
    }
}
