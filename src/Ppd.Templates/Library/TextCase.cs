using Ppd.Templates.Runtime;
using Ppd.Templates.Values;

namespace Ppd.Templates.Library;

/// <summary>
/// Upper, lower and title case. Characters map one to one, so the marks stay as they are; the exception is the German sharp s, which Python
/// writes as SS in upper case.
/// </summary>
static class TextCase
{
    public static MarkedString Upper(Execution execution, MarkedString text)
    {
        execution.ChargeText(0, text.Length);
        var upper = text.WithText(text.Text.ToUpperInvariant());
        return text.Text.Contains('ß')
            ? TextOperations.ReplaceCharacter(execution, upper, 'ß', "SS")
            : upper;
    }

    public static MarkedString Lower(Execution execution, MarkedString text)
    {
        execution.ChargeText(0, text.Length);
        return text.WithText(text.Text.ToLowerInvariant());
    }

    public static MarkedString Capitalize(Execution execution, MarkedString text) => Map(execution, text, (_, index) => index == 0);

    /// <summary>The method: upper case after every character that has no case.</summary>
    public static MarkedString TitleMethod(Execution execution, MarkedString text) =>
        Map(execution, text, (source, index) => index == 0 || !HasCase(source[index - 1]));

    /// <summary>The filter: upper case only at the start and after space, hyphen or an opening bracket.</summary>
    public static MarkedString TitleFilter(Execution execution, MarkedString text) =>
        Map(execution, text, (source, index) => index == 0 || source[index - 1] is var c && (Syntax.Whitespace.Is(c) || "-({[<".Contains(c)));

    public static MarkedString SwapCase(Execution execution, MarkedString text) => Map(execution, text, (source, index) => char.IsLower(source[index]));

    /// <summary>Whether there are letters with case and all of them are upper, or lower, case.</summary>
    public static bool IsAll(string text, bool upper)
    {
        var any = false;
        foreach (var c in text)
        {
            if (upper ? char.IsLower(c) : char.IsUpper(c))
                return false;
            any |= upper ? char.IsUpper(c) : char.IsLower(c);
        }
        return any;
    }

    static bool HasCase(char c) => char.IsUpper(c) || char.IsLower(c);

    static MarkedString Map(Execution execution, MarkedString text, Func<string, int, bool> isUpper)
    {
        execution.ChargeText(0, text.Length);
        var mapped = string.Create(text.Length, (text.Text, isUpper), static (span, state) =>
        {
            for (var i = 0; i < span.Length; i++)
                span[i] = state.isUpper(state.Text, i) ? char.ToUpperInvariant(state.Text[i]) : char.ToLowerInvariant(state.Text[i]);
        });
        return text.WithText(mapped);
    }
}
