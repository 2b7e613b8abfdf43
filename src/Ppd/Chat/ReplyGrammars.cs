using Microsoft.Extensions.Logging;
using Ppd.Grammars;

namespace Ppd.Chat;

/// <summary>The grammars of a model's replies. Requests of one kind share theirs, and with it what has been found out about it.</summary>
sealed partial class ReplyGrammars(ILogger logger)
{
    const int MostKept = 32;
    const int MostTold = 1000;

    readonly Lock _gate = new();
    readonly LinkedList<(string Key, GrammarConstraint? Constraint)> _known = [];      // the one used last comes first
    readonly HashSet<string> _told = [];

    /// <inheritdoc cref="ReplyGrammar.Of"/>
    internal GrammarConstraint? For(ChatPrompt prompt, AnswerFormat? answer)
    {
        if (prompt.Tools is not { ReadsCalls: true } && answer == null) return null;
        var key = Key(prompt, answer);
        lock (_gate)
        {
            for (var node = _known.First; node != null; node = node.Next)
            {
                if (node.Value.Key != key) continue;
                _known.Remove(node);
                _known.AddFirst(node);
                return node.Value.Constraint;
            }
            var constraint = ReplyGrammar.Of(prompt, answer, Tell);
            _known.AddFirst((key, constraint));
            if (_known.Count > MostKept) _known.RemoveLast();
            return constraint;
        }
    }

    // of the prompt, all that the grammar depends on
    static string Key(ChatPrompt prompt, AnswerFormat? answer) => string.Join('\0', (IEnumerable<string?>)[
        prompt.StartsInReasoning ? "inside" : prompt.EndsWith(prompt.Layout.Reasoning?.Close) ? "behind" : "before", answer == null ? "free" : answer.Grammar == null ? "json" : "grammar", answer?.Key,
        .. prompt.Tools is { ReadsCalls: true } tools
            ? [tools.IsRequired.ToString(), tools.AllowsSeveral.ToString(), tools.RequiredName, .. tools.Tools.Names.Select(name => $"{name}\0{tools.Tools.Schema(name).GetRawText()}")]
            : (string?[])[]]);

    void Tell(string function, PpdSchemaException error)
    {
        if (_told.Count < MostTold && _told.Add($"{function}\0{error.Message}")) LogRelaxed(logger, function, error.Message);
    }

    [LoggerMessage(LogLevel.Warning, "Calls of '{Function}' are not held to all of its schema; arguments that no grammar can guarantee may be any JSON: {Reason}")]
    static partial void LogRelaxed(ILogger logger, string function, string reason);
}
