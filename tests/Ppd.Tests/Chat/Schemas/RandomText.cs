using System.Text;
using Ppd.Grammars;

namespace Ppd.Tests.Chat.Schemas;

/// <summary>Texts that a grammar allows, drawn at random, ends and edges of ranges more often.</summary>
static class RandomText
{
    /// <summary>A text, or null if it has not ended after <paramref name="most"/> characters.</summary>
    internal static string? Draw(Grammar grammar, Random random, int most) => Draw(new GrammarStates(grammar), random, most, "");

    /// <summary>The same behind a beginning.</summary>
    internal static string? Draw(GrammarStates states, Random random, int most, string beginning)
    {
        var state = states.After(states.Start, beginning)!;
        var text = new StringBuilder(beginning);
        for (var length = 0; length < most; length++)
        {
            if (state.Ended || (state.Complete && random.Next(3) == 0)) return text.ToString();
            // a way on first, so that one closing quote counts as much as all letters together
            var ways = state.Stacks.Select(stack => states.Next(new GrammarState([stack], complete: false))).Where(set => set.Count > 0).ToArray();
            var set = ways[random.Next(ways.Length)];
            var range = set.Ranges[random.Next(set.Ranges.Length)];
            var c = random.Next(4) == 0 ? range.Last : random.Next(range.First, Math.Min(range.Last, range.First + 60) + 1);
            state = states.After(state, c)!;
            text.Append(char.ConvertFromUtf32(c));
        }
        return state.Complete ? text.ToString() : null;
    }
}
