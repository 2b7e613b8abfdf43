using System.Globalization;
using System.Text;

namespace Ppd.Training.Demo.Vocabulary;

/// <summary>
/// Cuts text into the words inside which tokens may be merged: the pre-tokeniser that llama.cpp calls <c>qwen2</c>, with its treatment of unassigned code
/// points. Digits stand alone, so a number of any length is copied digit by digit.
/// </summary>
static class Qwen2Splitter
{
    enum Kind { None, Letter, Number, Space, Other }

    public static IEnumerable<string> Split(string text)
    {
        Rune[] runes = [.. text.EnumerateRunes()];
        Kind[] kinds = Array.ConvertAll(runes, KindOf);
        for (int start = 0, end; start < runes.Length; start = end)
        {
            end = EndOfWord(runes, kinds, start);
            yield return string.Concat(runes[start..end]);
        }
    }

    static int EndOfWord(Rune[] runes, Kind[] kinds, int at)
    {
        Kind KindAt(int i) => i < kinds.Length ? kinds[i] : Kind.None;
        char LowerAt(int i) => i < runes.Length ? char.ToLowerInvariant((char)Math.Min(runes[i].Value, 0xFFFF)) : '\0';
        bool LineEnd(int i) => i < runes.Length && runes[i].Value is '\r' or '\n';

        // 's 't 'm 'd 're 've 'll
        if (runes[at].Value == '\'')
        {
            if (LowerAt(at + 1) is 's' or 't' or 'm' or 'd') return at + 2;
            if ((LowerAt(at + 1), LowerAt(at + 2)) is ('r', 'e') or ('v', 'e') or ('l', 'l')) return at + 3;
        }
        // [^\r\n\p{L}\p{N}]?\p{L}+
        var end = at;
        if (!LineEnd(at) && kinds[at] != Kind.Number && (kinds[at] == Kind.Letter || KindAt(at + 1) == Kind.Letter))
        {
            do end++; while (KindAt(end) == Kind.Letter);
            return end;
        }
        if (kinds[at] == Kind.Number) return at + 1;
        //  ?[^\s\p{L}\p{N}]+[\r\n]*
        end = runes[at].Value == ' ' ? at + 1 : at;
        if (KindAt(end) == Kind.Other)
        {
            while (KindAt(end) == Kind.Other) end++;
            while (LineEnd(end)) end++;
            return end;
        }
        end = at;
        var afterLineEnd = 0;
        for (; KindAt(end) == Kind.Space; end++)
            if (LineEnd(end)) afterLineEnd = end + 1;
        if (afterLineEnd > 0) return afterLineEnd;              // \s*[\r\n]+
        if (end - at > 1 && end < runes.Length) return end - 1; // \s+(?!\S)
        return Math.Max(end, at + 1);                           // \s+, or a code point without a category
    }

    static Kind KindOf(Rune rune) => Rune.IsWhiteSpace(rune) ? Kind.Space : Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter => Kind.Letter,
        UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber => Kind.Number,
        UnicodeCategory.OtherNotAssigned => Kind.None,
        _ => Kind.Other,
    };
}
