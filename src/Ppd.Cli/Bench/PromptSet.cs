using Ppd.Chat;

namespace Ppd.Cli.Bench;

/// <summary>Prompts as the model gets them.</summary>
/// <param name="Labels">[prompts] for reports.</param>
/// <param name="Tokens">[prompts] of the rendered prompts.</param>
/// <param name="Notes">Sentences about those left out.</param>
sealed record PromptSet(IReadOnlyList<string> Labels, IReadOnlyList<int[]> Tokens, IReadOnlyList<string> Notes)
{
    const int LeastReply = 2;   // tokens; fewer have no speed

    /// <exception cref="PromptFileException">No prompt fits into the context.</exception>
    internal static PromptSet Of(IReadOnlyList<BenchPrompt> prompts, PpdModel model, int limit)
    {
        List<string> labels = [], tooLong = [], notes = [];
        List<int[]> tokens = [];
        var shortest = int.MaxValue;
        foreach (var prompt in prompts)
        {
            if (tokens.Count == limit) break;
            var rendered = Render(prompt, model);
            if (rendered.Length + LeastReply > model.ContextLength)
            {
                tooLong.Add(prompt.Label);
                shortest = Math.Min(shortest, rendered.Length);
                continue;
            }
            labels.Add(prompt.Label);
            tokens.Add(rendered);
        }
        if (tokens.Count == 0)
            throw new PromptFileException($"All {prompts.Count} prompts are too long: the shortest has {shortest} tokens and the context holds {model.ContextLength}, " +
                "prompt and reply together. Raise --context, if the model allows it, or take shorter prompts.");
        if (tooLong.Count > 0) notes.Add($"{tooLong.Count} of the prompts left out, too long for the context of {model.ContextLength} tokens; the first is {tooLong[0]}");
        if (tokens.Count + tooLong.Count < prompts.Count) notes.Add($"The first {tokens.Count} of {prompts.Count} prompts used; --limit raises it.");
        return new PromptSet(labels, tokens, notes);
    }

    static int[] Render(BenchPrompt prompt, PpdModel model)
    {
        var hasTemplate = !string.IsNullOrWhiteSpace(model.Info.ChatTemplate) || model.Info.NamedChatTemplates.ContainsKey("default");
        return hasTemplate ? model.Prompts.Tokenize(prompt.Messages, options: null)
            : PromptTokenizer.Tokenize(model.Vocabulary, [new Templates.TextSegment(prompt.Text, IsInput: true)], addBeginningOfText: true);
    }
}
