// The seam between templates, parsing and grammars. A reply with calls is, literally,
//
//     text Open call (Between call)* Close          call = BeforeName name AfterName arguments AfterArguments
//
// with the literals of this record and of its ToolCallSyntax, and arguments laid out by the kind of syntax:
//
//     JsonObjectCall   a JSON object of arguments                  Hermes, Qwen, Llama 3, Mistral Nemo, Granite, Cohere, Apertus, generic
//     NamedJsonCall    a JSON object of arguments                  Mistral Small, DeepSeek V3 and R1, Kimi K2, Functionary, Solar, gpt-oss
//     TaggedCall       (ArgumentOpen key KeyClose value ValueClose)*    Qwen3-Coder, GLM, DeepSeek V3.2, MiniMax, Seed
//     PythonCall       key=value, ...                              LFM2
//     GemmaCall        key:value, ...                              Gemma 4
//
// The literals are not listed anywhere: ToolCallProbe measures them by rendering a conversation with calls through the model's template and comparing. So a template
// nobody has seen works if it is of one of these kinds, and one with other white space or other markers than its family's gets its own.
// Reading (ToolCallReader) is more lenient than this; the grammar of calls (CallGrammar) is exactly it, from a trigger on, or from the start of a reply that must be a call.
using System.Text.Json;
using Ppd.Templates;

namespace Ppd.Chat.Tools;

/// <summary>How a model writes calls of functions. Literals may hold the places of <see cref="ToolCallText"/>.</summary>
/// <param name="Family">A name for messages and tests.</param>
/// <param name="Open">Text from the end of the reply's own text to the first call; empty where nothing marks a call but its JSON.</param>
/// <param name="Between">Text between two calls; null where a reply has one call at most.</param>
/// <param name="Close">Text behind the last call, without what ends the turn.</param>
/// <param name="Call">How a call is laid out.</param>
sealed record ToolCallFormat(string Family, string Open, string? Between, string Close, ToolCallSyntax Call)
{
    /// <summary>Whether replies consist of channels as in gpt-oss: then <see cref="HarmonyReader"/> reads them, and <see cref="Open"/> is part of a message's header.</summary>
    internal bool InChannels { get; init; }

    /// <summary>
    /// Whether a text marks calls. Where none does, JSON is a call only if the reply begins with it, in the model's own spelling: there the grammar holds it to a function and its schema, while
    /// anything else may be anything.
    /// </summary>
    internal bool MarksCalls => Open.Trim().Length > 0;

    /// <summary>Texts with which calls begin, best first, and what is left of <see cref="Open"/> from there. Models forget the outer marker of two.</summary>
    internal IReadOnlyList<(string Trigger, string Open)> Triggers => MarksCalls ? TriggersOf(Open) : [(Call.BeforeName, "")];

    /// <summary>All literals; special tokens in them have to be seen to read calls.</summary>
    internal IEnumerable<string> Literals => [Open, Between ?? "", Close, .. Call.Literals];

    /// <summary>Calls as the model would have written them; names and arguments are input.</summary>
    internal IReadOnlyList<TextSegment> Write(IReadOnlyList<TemplateToolCall> calls)
    {
        List<TextSegment> pieces = [];
        for (var i = 0; i < calls.Count; i++)
        {
            var (call, index) = (calls[i], i);
            string Filled(string literal) => ToolCallText.Fill(literal, call.Id, index);
            var arguments = call.Arguments.ValueKind == JsonValueKind.Object ? call.Arguments : JsonElement.Parse("{}");
            pieces.AddRange(Pieces(Filled((i == 0 ? Open : Between ?? Close + Open) + Call.BeforeName), Call.WriteName(call.Name), Filled(Call.AfterName)));
            pieces.AddRange(Pieces("", Call.Write(arguments), Filled(Call.AfterArguments)));
        }
        return [.. pieces, .. Pieces(Close, "", "")];
    }

    static List<TextSegment> Pieces(string before, string input, string after) =>
        [.. new[] { new TextSegment(before, false), new TextSegment(input, true), new TextSegment(after, false) }.Where(piece => piece.Text.Length > 0)];

    static List<(string, string)> TriggersOf(string open)
    {
        List<(string, string)> triggers = [];
        var text = open.Trim();
        for (var start = 0; start < text.Length; start++)
        {
            if (start > 0 && (text[start] != '<' || text[..start].TrimEnd()[^1] != '>')) continue;
            if (FirstTag(text[start..]) is var tag && tag.Any(char.IsLetter)) triggers.Add((tag, text[start..]));
        }
        return triggers;
    }

    static string FirstTag(string text)
    {
        var end = text[0] switch
        {
            '<' => text.AsSpan().IndexOfAny('>', '='),
            '[' => text.IndexOf(']'),
            _ => text.AsSpan().IndexOfAny(" \n>"),
        };
        return end < 0 ? text : text[..(end + 1)].TrimEnd();
    }
}
