using Ppd.Templates;

namespace Ppd.Training.Demo.Corpus;

/// <summary>Turns of a conversation while it is made up.</summary>
sealed class Turns
{
    public List<TemplateMessage> Messages { get; } = [];

    public void System(string text) => Messages.Add(new("system", text));

    /// <summary>What a user types: sometimes without a capital or without the mark at the end.</summary>
    public void User(string text, Random random)
    {
        text = char.ToUpperInvariant(text[0]) + text[1..];
        if (random.Chance(0.08) && !text.StartsWith("I ", StringComparison.Ordinal)) text = char.ToLowerInvariant(text[0]) + text[1..];
        if (random.Chance(0.08)) text = text.TrimEnd('?', '.', '!');
        Messages.Add(new("user", text));
    }

    public void Assistant(string text) => Messages.Add(new("assistant", text));
}
