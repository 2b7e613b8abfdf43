using System.Text;
using Microsoft.Extensions.AI;
using Ppd.Chat.Tools;

namespace Ppd.Chat;

/// <summary>Collects what a reply consists of and says when no more of it is wanted.</summary>
/// <param name="tools">What the request says about tools; null without any.</param>
/// <param name="ids">Where the ids of calls come from.</param>
/// <param name="severalCalls">Whether the reply may hold more than one call.</param>
sealed class ReplyOutput(ToolRequest? tools, CallIds ids, bool severalCalls)
{
    const int LongestExcerpt = 300;     // characters of the reply shown in an error

    readonly List<AIContent> _contents = [];
    readonly StringBuilder _run = new();            // text or reasoning not yet in the list
    readonly StringBuilder _insteadOfCall = new();
    bool _runIsReasoning;

    /// <summary>Calls so far.</summary>
    internal int Calls { get; private set; }

    /// <summary>Whether the reply is to end here.</summary>
    internal bool IsClosed { get; private set; }

    /// <summary>Set at the end of a reply that had to be a call and is none.</summary>
    internal PpdToolCallException? Failure => tools is { IsRequired: true } && Calls == 0
        ? new PpdToolCallException(tools.RequiredName, Excerpt(_insteadOfCall.ToString()))
        : null;

    internal void Text(ReadOnlySpan<char> text)
    {
        if (tools is { IsRequired: true } && Calls == 0)
        {
            // what cannot be read as the required call is no reply; the caller gets an error
            _insteadOfCall.Append(text);
            IsClosed = _insteadOfCall.Length > LongestExcerpt;
            return;
        }
        Append(text, isReasoning: false);
    }

    internal void Reasoning(ReadOnlySpan<char> text) => Append(text, isReasoning: true);

    /// <summary>Adds a call; false if the request does not allow it.</summary>
    internal bool Call(string name, bool isKnown, string? id, Dictionary<string, object?> arguments)
    {
        if (tools is { IsRequired: true } && (!isKnown || (tools.RequiredName != null && name != tools.RequiredName))) return false;
        EndRun();
        _contents.Add(new FunctionCallContent(ids.Next(id), name, arguments));
        Calls++;
        IsClosed = !severalCalls;
        return true;
    }

    /// <summary>What came since the last time.</summary>
    internal IReadOnlyList<AIContent> Take()
    {
        EndRun();
        AIContent[] taken = [.. _contents];
        _contents.Clear();
        return taken;
    }

    void Append(ReadOnlySpan<char> text, bool isReasoning)
    {
        if (text.IsEmpty) return;
        if (isReasoning != _runIsReasoning) EndRun();
        _runIsReasoning = isReasoning;
        _run.Append(text);
    }

    void EndRun()
    {
        if (_run.Length > 0) _contents.Add(_runIsReasoning ? new TextReasoningContent(_run.ToString()) : new TextContent(_run.ToString()));
        _run.Clear();
    }

    static string Excerpt(string text) => text.Length <= LongestExcerpt ? text : $"{text[..LongestExcerpt]}...";
}
