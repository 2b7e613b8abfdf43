using System.Text;

namespace Ppd.Training.Demo.Corpus;

/// <summary>
/// Sentences from patterns: <c>[a|b|]</c> picks one of the alternatives, which may nest; <c>{slot}</c> takes a value. Patterns are split into those the model
/// learns from and those it is only examined on, so that an examination uses phrasings it has never seen.
/// </summary>
sealed class Phrases
{
    const int ExamEvery = 8;    // every eighth pattern is kept for the examination

    readonly string[] _lessons;
    readonly string[] _exam;

    public Phrases(params string[] patterns)
    {
        _lessons = [.. patterns.Where((_, i) => i % ExamEvery != ExamEvery - 1)];
        _exam = [.. patterns.Where((_, i) => i % ExamEvery == ExamEvery - 1)];
    }

    /// <summary>A sentence from a pattern of the training set.</summary>
    public string Lesson(Random random, params (string Slot, string Value)[] values) => Fill(random.Pick(_lessons), random, values);

    /// <summary>A sentence from a pattern that no lesson uses.</summary>
    public string Exam(Random random, params (string Slot, string Value)[] values) => Fill(random.Pick(_exam), random, values);

    /// <summary>One sentence of <paramref name="pattern"/>.</summary>
    public static string Fill(string pattern, Random random, params (string Slot, string Value)[] values)
    {
        var text = new StringBuilder();
        var at = 0;
        Expand(pattern, ref at, random, text);
        foreach (var (slot, value) in values) text.Replace('{' + slot + '}', value);
        return text.ToString();
    }

    // Up to the end of the pattern, or to the '|' or ']' that ends the alternative.
    static void Expand(string pattern, ref int at, Random random, StringBuilder text)
    {
        while (at < pattern.Length && pattern[at] is not ('|' or ']'))
        {
            if (pattern[at] != '[')
            {
                text.Append(pattern[at++]);
                continue;
            }
            List<string> alternatives = [];
            do
            {
                at++;
                var alternative = new StringBuilder();
                Expand(pattern, ref at, random, alternative);
                alternatives.Add(alternative.ToString());
            }
            while (pattern[at] == '|');
            at++;
            text.Append(random.Pick(alternatives));
        }
    }
}
