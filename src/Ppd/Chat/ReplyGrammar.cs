using Ppd.Chat.Schemas;
using Ppd.Chat.Tools;
using Ppd.Grammars;

namespace Ppd.Chat;

/// <summary>
/// The grammar of whole replies: thoughts, then an answer, a call or text with calls. Where calls are a choice of the model its text is free up to the marker of a call, which then has
/// to be completed as one, and free again behind it. All of this is one grammar from the first token on, so nothing has to be switched on or off, and what may come next depends on
/// the text alone, on every path of a tree.
/// </summary>
sealed class ReplyGrammar
{
    readonly ChatPrompt _prompt;
    readonly ToolRequest? _tools;
    readonly AnswerFormat? _answer;
    readonly RuleSet _rules;
    readonly Action<string, PpdSchemaException> _relaxed;
    readonly List<string> _markers = [];

    ReplyGrammar(ChatPrompt prompt, AnswerFormat? answer, Action<string, PpdSchemaException> relaxed)
    {
        (_prompt, _answer, _relaxed) = (prompt, answer, relaxed);
        _tools = prompt.Tools is { ReadsCalls: true } tools ? tools : null;
        // the rules of a caller's grammar have names of their own
        _rules = new RuleSet(answer?.Grammar == null ? "" : "ppd-");
        if (_tools != null) _markers.AddRange(prompt.Layout.Calls!.Literals);
    }

    /// <summary>What a reply to a prompt must match; null where it may be anything.</summary>
    /// <param name="prompt">The prompt, with what the request says about tools.</param>
    /// <param name="answer">What an answer must be; null leaves it free.</param>
    /// <param name="relaxed">Told of a function whose schema a grammar cannot guarantee, and why.</param>
    /// <exception cref="PpdSchemaException">The answer's schema asks for something that a grammar cannot guarantee.</exception>
    /// <exception cref="PpdGrammarException">The answer's grammar cannot be used.</exception>
    internal static GrammarConstraint? Of(ChatPrompt prompt, AnswerFormat? answer, Action<string, PpdSchemaException> relaxed)
    {
        var reply = new ReplyGrammar(prompt, answer, relaxed);
        if (reply._tools == null && answer == null) return null;
        var (rules, root) = (reply._rules, prompt.Layout.InChannels ? reply.InChannels() : reply.WithThoughts());
        var grammar = answer?.Grammar is { } given
            ? Grammar.Parse($"{given}\n{rules.Text(root)}", rules.RootName, rules.Free)
            : JsonSchemaGrammar.Parse(rules.Text(root), rules.RootName, rules.Free);
        return new GrammarConstraint(grammar) { Markers = reply._markers };
    }

    // Whether the reply may be any text, apart from calls in it.
    bool IsFree => _answer == null && _tools is not { IsRequired: true };

    string WithThoughts()
    {
        var body = Body();
        if (_prompt.Layout.Reasoning is not { } reasoning || _prompt.EndsWith(reasoning.Close)) return body;
        _markers.AddRange([reasoning.Open, reasoning.Close]);
        // the white space that the template has there belongs to the layout; free text takes care of its own
        var gap = IsFree ? "" : reasoning.CloseText[(reasoning.CloseText.IndexOf(reasoning.Close, StringComparison.Ordinal) + reasoning.Close.Length)..];
        var behind = _rules.Add("behind-thoughts", $"{Gbnf.Literal(gap)} {body}");
        var thoughts = new FreeText(_rules, [(reasoning.Close, behind)], mayEnd: IsFree, silent: true).Start;
        return _prompt.StartsInReasoning ? thoughts : $"{Gbnf.Literal(reasoning.Open)} {thoughts} | {body}";
    }

    string Body()
    {
        var format = _prompt.Layout.Calls!;
        if (_tools == null) return _answer!.Write(_rules);
        var calls = new CallGrammar(_rules, format, _tools, _relaxed);
        if (_tools.IsRequired) return calls.Whole;
        if (_answer != null) return _rules.Add("answer", $"{calls.Whole} | {_answer.Write(_rules)}");
        var text = _rules.Reserve("text");
        if (!format.MarksCalls) return new FreeText(_rules, [], mayEnd: true, silent: true, text).BeginningWith(format.Call.BeforeName, $"{calls.Named} {text}");
        var space = format.Open[format.Open.TrimEnd().Length..];
        var markers = format.Triggers.Select(trigger => (trigger.Trigger, Then: $"{calls.From(trigger.Open[trigger.Trigger.Length..] + space)} {text}"));
        return new FreeText(_rules, [.. markers], mayEnd: true, silent: true, text).Start;
    }

    // gpt-oss: the prompt ends within the header of the first message. Models write the recipient of a call before the channel, as templates do, or behind it.
    string InChannels()
    {
        const string Assistant = "<|start|>assistant", Commentary = "<|channel|>commentary to=functions.";
        _markers.AddRange(HarmonyReader.Markers);
        var calls = _tools == null ? null : new CallGrammar(_rules, _prompt.Layout.Calls!, _tools, _relaxed,
            _rules.Add("header", $"{Gbnf.Literal(_prompt.Layout.Calls!.Call.AfterName)} | (\" \"? \"<|constrain|>json\" | \" json\" | \" \")? \"<|message|>\""));
        var open = _prompt.Layout.Calls?.Open ?? "";
        if (IsFree)
        {
            var text = _rules.Reserve("text");
            var then = $"{calls!.Named} {text}";
            return new FreeText(_rules, [(Commentary, then), (Assistant + open, then)], mayEnd: true, silent: true, text).BeginningWith(open, then);
        }
        List<string> bodies = [];
        if (calls != null) bodies.Add($"({Gbnf.Literal(open)} | {Gbnf.Literal(Commentary)}) {calls.Named}");
        if (_answer != null && _tools is not { IsRequired: true }) bodies.Add($"\"<|channel|>final<|message|>\" {_answer.Write(_rules)}");
        var body = _rules.Add("message", string.Join(" | ", bodies));
        var thoughts = new FreeText(_rules, [("<|end|>", _rules.Add("behind-thoughts", $"{Gbnf.Literal(Assistant)} {body}"))], mayEnd: false, silent: true).Start;
        return $"\"<|channel|>analysis<|message|>\" {thoughts} | {body}";
    }
}
