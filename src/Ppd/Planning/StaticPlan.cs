using Ppd.Drafting;

namespace Ppd.Planning;

/// <summary>The publication's static trees, filled with the guesses of a step (algorithm.md 4.3).</summary>
/// <param name="accuracy">[distances][ranks] how often the guess of a rank is right.</param>
sealed class StaticPlan(float[][] accuracy)
{
    readonly float[][] _accuracy = [.. accuracy.Select(ranks => ranks.Take(PromptTokenSource.Ranks).ToArray())];
    readonly Dictionary<int, StaticTrees> _trees = [];
    int[] _nodes = new int[CostCurve.MostRows];

    /// <summary>Why there are no such trees of so many rows, or null.</summary>
    internal static string? Obstacle(int rows, PromptTokens? prompts, int paths)
    {
        const int LeastSize = 2;    // the publication counts neither the root nor its prompt tokens
        if (prompts == null) return "static trees need prompt tokens, and this model has none in use";
        if (prompts.Accuracy == null) return "static trees are made from the accuracy table of the prompt tokens, and their file has none; train them with ppd-train";
        if (prompts.Ensemble > 1) return $"static trees are for one row per prompt token; these have {prompts.Ensemble}";
        if (rows < 1 + prompts.Count + LeastSize) return $"static trees with {prompts.Count} prompt tokens have at least {1 + prompts.Count + LeastSize} rows";
        return rows > paths + 1 ? $"{rows} rows may need as many sequence ids, and with this number of slots a request has {paths}" : null;
    }

    /// <summary>Fills the request's tree, the bare root if it may not have so many rows; returns the rows.</summary>
    internal int Fill(RequestPlan request, int most)
    {
        var (rows, tree) = (request.Plan.Rows, request.Tree);
        if (request.Limits.Guesses == 0)    // its prompt is being decoded
        {
            tree.AddPrompts(0, request.RootChain);
            return 1 + request.RootChain;
        }
        if (!_trees.TryGetValue(rows, out var trees)) _trees[rows] = trees = StaticTrees.Published(_accuracy, rows - 1 - _accuracy.Length);
        var state = trees.States[request.Distances];
        if (state.Rows > most) return 1;
        if (_nodes.Length < state.Nodes.Count) _nodes = new int[state.Nodes.Count];
        var room = request.Limits.Room;
        Hang(0, state.RootPrompts);
        for (var i = 0; i < state.Nodes.Count; i++)
        {
            var node = state.Nodes[i];
            var parent = node.Parent < 0 ? 0 : _nodes[node.Parent];
            var guesses = request.Source!.Guesses(node.Depth);
            _nodes[i] = -1;
            if (parent < 0 || node.Rank >= guesses.Length || node.Depth >= room) continue;
            _nodes[i] = tree.Add(parent, guesses[node.Rank].Token, node.Reach / tree.Reach(parent), DraftKind.PromptToken);
            Hang(_nodes[i], node.Prompts);
        }
        return tree.Count + tree.PromptCount;

        void Hang(int at, int prompts) => tree.AddPrompts(at, Math.Max(0, Math.Min(prompts, room - 2 - tree.Depth(at))));
    }
}
