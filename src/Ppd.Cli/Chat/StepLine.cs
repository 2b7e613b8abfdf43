using System.Text;

namespace Ppd.Cli.Chat;

/// <summary>A step of <c>ppd chat --explain</c> as a line of text.</summary>
static class StepLine
{
    /// <summary>
    /// As in <c>12: "The" +3 > " lamp" prompt 0.91 yes +1 | after "The" > " mug" n-gram 0.05 no | drew " costs" | 6 rows, 1.91 ms (expected 1.85, plain 0.62) | ...</c>
    /// </summary>
    public static string Of(PpdStep step)
    {
        var line = new StringBuilder($"{step.Number,3}: {Quoted(step.Root)}{Chain(step.RootPromptTokens)}");
        for (var i = 0; i < step.Guesses.Count; i++)
        {
            var guess = step.Guesses[i];
            // behind the guess before it, unless it says otherwise
            line.Append(guess.Parent == i - 1 ? " > " : $" | after {(guess.Parent < 0 ? Quoted(step.Root) : Quoted(step.Guesses[guess.Parent].Text))} > ");
            line.Append($"{Quoted(guess.Text)} {Name(guess.Source)} {guess.Probability:0.00} {(guess.Accepted ? "yes" : "no")}{Chain(guess.PromptTokens)}");
        }
        line.Append(step.Drawn is { } drawn ? $" | drew {Quoted(drawn)}" : " | ended");
        line.Append($" | {step.Rows} rows, {step.Time.TotalMilliseconds:0.00} ms (expected {step.ExpectedTime.TotalMilliseconds:0.00}, plain {step.PlainTime.TotalMilliseconds:0.00})");
        line.Append($" | a row more must bring {step.RowPrice:0.00} tokens");
        if (step.LeftOut is { } left) line.Append($", left out: {Quoted(left.Text)} {left.Probability:0.00}");
        if (step.ChainValues.Count > 1) line.Append($" | prompt tokens are worth {string.Join(" ", step.ChainValues.Skip(1).Select(value => value.ToString("0.00")))}");
        return line.ToString();
    }

    static string Chain(int promptTokens) => promptTokens > 0 ? $" +{promptTokens}" : "";

    static string Name(PpdGuessSource source) => source switch
    {
        PpdGuessSource.NGram => "n-gram",
        PpdGuessSource.PromptToken => "prompt",
        PpdGuessSource.Grammar => "grammar",
        PpdGuessSource.Several => "several",
        _ => "other",
    };

    static string Quoted(string text) => $"\"{text.Replace("\n", "\\n").Replace("\"", "\\\"")}\"";
}
