using Microsoft.Extensions.AI;

namespace Ppd.Cli.Bench;

/// <summary>One prompt: what the model is asked, before it is rendered.</summary>
/// <param name="Number">Its place in the file, from 1.</param>
/// <param name="Messages">At least one; the last is the one to reply to.</param>
sealed record BenchPrompt(int Number, IReadOnlyList<ChatMessage> Messages)
{
    const int LabelLength = 40;

    internal BenchPrompt(int number, string text) : this(number, [new ChatMessage(ChatRole.User, text)]) { }

    /// <summary>All text, for a model without a chat template.</summary>
    internal string Text => string.Join('\n', Messages.Select(message => message.Text));

    /// <summary>Number and first words, for reports.</summary>
    internal string Label
    {
        get
        {
            var text = Messages[^1].Text.ReplaceLineEndings(" ").Trim();
            return $"{Number}: {(text.Length <= LabelLength ? text : text[..(LabelLength - 1)].TrimEnd() + "…")}";
        }
    }
}
