using System.Text;

namespace Ppd.Grammars;

/// <summary>What must, or may, follow a state.</summary>
static class GrammarOutlook
{
    /// <summary>
    /// The texts that follow: one where the grammar forces it, several where few characters may come, each as far as it is forced again. A text ends where it may end, where more
    /// than <paramref name="mostBranches"/> characters may come, and where it is long enough.
    /// </summary>
    /// <param name="states">The machine.</param>
    /// <param name="start">Where to begin.</param>
    /// <param name="most">Characters.</param>
    /// <param name="mostBranches">Most texts.</param>
    /// <returns>Text, the state after it, and its share where all alternatives are equally likely.</returns>
    internal static List<(string Text, GrammarState End, float Share)> From(GrammarStates states, GrammarState start, int most, int mostBranches)
    {
        List<(string, GrammarState, float)> ends = [];
        var open = new Queue<(string Text, GrammarState State, float Share)>();
        open.Enqueue(("", start, 1));
        while (open.TryDequeue(out var branch))
        {
            var (text, state, share) = branch;
            var forced = new StringBuilder(text);
            while (!state.Complete && forced.Length < most && Only(states, state) is { } only && states.After(state, only.Value) is { } after)
            {
                forced.Append(only);
                state = after;
            }
            var next = state.Complete ? CharSet.Empty : state.Next(states);
            if (forced.Length >= most || next.Count < 2 || ends.Count + open.Count + next.Count > mostBranches)
            {
                ends.Add((forced.ToString(), state, share));
                continue;
            }
            foreach (var (first, last) in next.Ranges)
                for (var c = first; c <= last; c++)
                    if (Rune.TryCreate(c, out var rune) && states.After(state, c) is { } after) open.Enqueue((forced.ToString() + rune, after, share / next.Count));
        }
        return ends;
    }

    static Rune? Only(GrammarStates states, GrammarState state) =>
        state.Next(states) is { Count: 1 } next && Rune.TryCreate(next.Ranges[0].First, out var rune) ? rune : null;
}
