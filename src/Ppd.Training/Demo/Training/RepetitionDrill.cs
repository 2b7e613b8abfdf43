namespace Ppd.Training.Demo.Training;

/// <summary>
/// Windows in which a run of random tokens is said again and again. A tool's name and arguments are read off the context; attention learns to do so ("induction")
/// within minutes where every token asks for it, and much later from conversations alone.
/// </summary>
static class RepetitionDrill
{
    const int MinPeriod = 6, MaxPeriod = 48;    // tokens
    const int MinLength = 64, MaxLength = 256;  // tokens

    /// <param name="random">Chooses everything.</param>
    /// <param name="vocabulary">Size of the vocabulary; its tokens are equally likely.</param>
    public static EncodedText Make(Random random, int vocabulary)
    {
        var period = random.Next(MinPeriod, MaxPeriod + 1);
        var tokens = new int[random.Next(MinLength, MaxLength + 1)];
        for (var i = 0; i < tokens.Length; i++) tokens[i] = i < period ? random.Next(vocabulary) : tokens[i - period];
        return new EncodedText(tokens, [.. Enumerable.Range(0, tokens.Length).Select(i => i >= period)]);
    }
}
