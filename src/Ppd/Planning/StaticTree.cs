namespace Ppd.Planning;

/// <summary>A candidate of a static tree: a place for whatever token has this rank among the guesses at this distance.</summary>
/// <param name="Parent">Index among the tree's nodes; -1 is the root.</param>
/// <param name="Depth">From 1; also the distance of the guess.</param>
/// <param name="Rank">From 0, in the order of the model's output.</param>
/// <param name="Reach">Probability that it and all above it are right.</param>
/// <param name="Prompts">Prompt tokens under it.</param>
readonly record struct StaticNode(int Parent, int Depth, int Rank, float Reach, int Prompts);

/// <summary>A tree whose shape does not depend on the text (algorithm.md 4.1).</summary>
/// <param name="Nodes">Parents first, without the root.</param>
/// <param name="RootPrompts">Prompt tokens under the root.</param>
sealed record StaticTree(IReadOnlyList<StaticNode> Nodes, int RootPrompts)
{
    /// <summary>Candidates that a step accepts on average.</summary>
    internal double ExpectedAccepted => Nodes.Sum(node => (double)node.Reach);

    /// <summary>Rows of a step: root, candidates and the prompt tokens of all of them.</summary>
    internal int Rows => 1 + RootPrompts + Nodes.Sum(node => 1 + node.Prompts);

    /// <summary>[distances + 1] probability that the last accepted node has so many prompt tokens, the root included.</summary>
    internal double[] Outcomes(int distances)
    {
        // Acceptance stops at a node that is reached while none of its children is (5.2).
        var outcomes = new double[distances + 1];
        outcomes[RootPrompts] = 1;
        foreach (var node in Nodes)
        {
            outcomes[node.Parent < 0 ? RootPrompts : Nodes[node.Parent].Prompts] -= node.Reach;
            outcomes[node.Prompts] += node.Reach;
        }
        return outcomes;
    }
}
