using Ppd.Planning;

namespace Ppd.Tests.Planning;

/// <summary>All sets of static trees for two prompt tokens and two ranks: what is best among them is the optimum.</summary>
static class EveryStaticTree
{
    internal static readonly float[][] Accuracy = [[.5f, .25f], [.45f, .2f]];

    internal static double MostTokensPerMillisecond(int rows, Func<int, double> milliseconds)
    {
        var states = Enumerable.Range(0, 3).Select(state => Trees(state, rows).ToArray()).ToArray();
        return (from zero in states[0] from one in states[1] from two in states[2] select SteadyState.Of([zero, one, two], milliseconds).Gain).Max();
    }

    static IEnumerable<StaticTree> Trees(int depth, int rows) =>
        from shape in Shapes(depth, rows)
        from prompts in Prompts(shape.Count + 1, rows - 1 - shape.Count)
        select new StaticTree([.. shape.Select((node, i) => node with { Prompts = prompts[i + 1] })], prompts[0]);

    // Every set of paths that holds the parents of its paths, without prompt tokens.
    static IEnumerable<List<StaticNode>> Shapes(int depth, int rows)
    {
        List<StaticNode> complete = [];
        for (var first = 0; depth > 0 && first < 2; first++)
        {
            var parent = complete.Count;
            complete.Add(new StaticNode(-1, 1, first, Accuracy[0][first], 0));
            for (var second = 0; depth > 1 && second < 2; second++) complete.Add(new StaticNode(parent, 2, second, Accuracy[0][first] * Accuracy[1][second], 0));
        }
        for (var set = 0; set < 1 << complete.Count; set++)
        {
            var kept = Enumerable.Range(0, complete.Count).Where(i => (set >> i & 1) == 1).ToList();
            if (kept.Count >= rows || kept.Any(i => complete[i].Parent >= 0 && !kept.Contains(complete[i].Parent))) continue;
            yield return [.. kept.Select(i => complete[i] with { Parent = kept.IndexOf(complete[i].Parent) })];
        }
    }

    static IEnumerable<int[]> Prompts(int nodes, int most)
    {
        if (nodes == 0) return [[]];
        return from own in Enumerable.Range(0, Math.Min(2, most) + 1) from others in Prompts(nodes - 1, most - own) select (int[])[own, .. others];
    }
}
