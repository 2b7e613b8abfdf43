using Ppd.Decoding;
using Ppd.Drafting;

namespace Ppd.Planning;

/// <summary>One request as the planner sees it: what is guessed, what was learned about such guesses, and the tree chosen for this step.</summary>
sealed class RequestPlan
{
    const int ColdSteps = 4;            // what the machine did meanwhile has to leave its caches

    const float ProbablyRight = 0.5f;

    readonly Hindsight _hindsight;
    readonly Listening _listening;
    bool[] _covered = new bool[64];     // [candidates]
    float[] _worth = new float[64];     // [candidates]
    int[] _certain = new int[64];       // [candidates] certain tokens behind
    int _begun;

    /// <param name="plan">How its trees are chosen.</param>
    /// <param name="source">Reads its prompt tokens; null if it has none.</param>
    /// <param name="ensemble">Rows of a prompt token.</param>
    /// <param name="acceptance">What was learned from all requests.</param>
    /// <param name="chains">Values of prompt chains learned from all requests.</param>
    /// <param name="listening">When any request last had prompt tokens.</param>
    internal RequestPlan(PpdPlan plan, PromptTokenSource? source, int ensemble, AcceptanceModel acceptance, PlaceValues chains, Listening listening)
    {
        Plan = plan;
        Source = source;
        Ensemble = ensemble;
        Acceptance = new AcceptanceModel(acceptance, AcceptanceModel.RequestMemory);
        Chains = source == null ? PlaceValues.None : new PlaceValues(chains[false].Values, chains[true].Values, ChainValues.RequestMemory);
        _hindsight = new Hindsight(Acceptance);
        _listening = listening;
    }

    internal PpdPlan Plan { get; }

    internal PromptTokenSource? Source { get; }

    internal int Ensemble { get; }

    /// <summary>What the sources propose for this step.</summary>
    internal TokenTree Candidates { get; private set; } = new();

    /// <summary>The tree to decode.</summary>
    internal TokenTree Tree { get; } = new();

    internal AcceptanceModel Acceptance { get; }

    internal PlaceValues Chains { get; }

    /// <summary>[candidates] whether another source has a guess for the token behind that is probably right, or has been copying up to there.</summary>
    internal bool[] Covered => _covered;

    /// <summary>[candidates] tokens that a candidate brings if it is right.</summary>
    internal float[] Worth => _worth;

    /// <summary>Whether the prompt tokens whose guesses this step has were decoded at such a place.</summary>
    internal bool ReadWhereCovered { get; private set; }

    internal DraftBalance Balance { get; } = new();

    /// <summary>Limits of this step's tree.</summary>
    internal TreeLimits Limits { get; private set; }

    /// <summary>Distances at which prompt tokens have guessed for this step.</summary>
    internal int Distances => Source?.Distances ?? 0;

    /// <summary>Prompt tokens that the root carries in any case: their guesses are all but free, or have not been seen for long.</summary>
    internal int RootChain { get; private set; }

    /// <summary>What the whole chain under the root adds to a step, in steps of plain decoding; infinite where no guess can pay for it.</summary>
    internal float ListeningCost { get; set; }

    /// <summary>Guesses less likely to be reached are of no use to plans by price.</summary>
    internal float LeastReach { get; set; }

    /// <summary>Steps with guesses for the next token, one behind the other, of which none was right.</summary>
    internal int Misses { get; private set; }

    /// <summary>Steps planned so far.</summary>
    internal int Steps { get; private set; }

    /// <summary>
    /// Whether this is the first step behind the prompt. Guesses for it come with the prompt, at no choice, and how a reply begins is the hardest to guess: they say nothing about later ones.
    /// </summary>
    internal bool Begins => Steps <= 1;

    /// <summary>Whether so few steps were made that they take longer than later ones.</summary>
    internal bool IsCold => _begun <= ColdSteps;

    /// <summary>Clears both trees for a step.</summary>
    internal void Begin(int root)
    {
        _begun++;
        Array.Clear(_covered);
        Candidates.Reset(root);
        Candidates.LeastReach = Plan.Kind == PpdPlanKind.Auto ? LeastReach : 0;
        Tree.Reset(root);
        (RootChain, Limits) = (0, default);
    }

    /// <summary>Takes in what the sources have proposed.</summary>
    /// <param name="limits">Limits of the tree.</param>
    internal void Propose(TreeLimits limits)
    {
        Limits = limits;
        Steps++;
        Candidates.Reconcile();
        Acceptance.Estimate(Candidates);
        FindCovered();
        if (Chains.Count == 0) return;
        if (Plan.Kind == PpdPlanKind.Auto && !_covered[0] && _listening.IsDue(Distances > 0, Chains[false].Values[^1], ListeningCost)) Listen(limits.Room);
    }

    /// <summary>Takes in what is known of a reply whose prompt is still being decoded, in one chain.</summary>
    /// <param name="limits">Limits of the chain.</param>
    internal void ProposeBeginning(TreeLimits limits)
    {
        if (Plan.Kind != PpdPlanKind.Static && Candidates.Count > 1)
        {
            Limits = limits;
            Acceptance.Estimate(Candidates);
            FindCovered();
        }
        if (Source != null && Ensemble == 1 && !_covered[0]) Listen(limits.Room);
    }

    void FindCovered()
    {
        if (_covered.Length < Candidates.Count) _covered = new bool[2 * Candidates.Count];
        for (var node = 1; node < Candidates.Count; node++)
        {
            if (Candidates.Kind(node) == DraftKind.PromptToken) continue;
            if (Candidates.Reach(node) > ProbablyRight * Candidates.Reach(Candidates.Parent(node))) _covered[Candidates.Parent(node)] = true;
            if (Candidates.Kind(node) == DraftKind.NGram && Candidates.FirstChild(node) < 0) _covered[node] = true;
        }
    }

    /// <summary>
    /// Says what the candidates bring. What is certain behind a guess is certain at the next step too, if the guess is right: decoding it along saves a pass and no rows. The guess and what is certain
    /// behind it bring that in equal parts, for only all of them together do.
    /// </summary>
    /// <param name="together">[count] tokens that each brings, by the number of certain ones.</param>
    internal void Weigh(float[] together)
    {
        if (_worth.Length < Candidates.Count) (_worth, _certain) = (new float[2 * Candidates.Count], new int[2 * Candidates.Count]);
        Array.Fill(_worth, 1);
        if (Candidates.Decided == 0) return;
        for (var node = Candidates.Count - 1; node > 0; node--) _certain[node] = Candidates.IsDecided(node) ? Math.Min(1 + _certain[Candidates.FirstChild(node)], together.Length - 1) : 0;
        for (var node = 1; node < Candidates.Count; node++) _worth[node] = Candidates.IsCertain(node) ? _worth[Candidates.Parent(node)] : together[_certain[node]];
    }

    /// <summary>Lets the root carry its whole chain, as far as there is room.</summary>
    internal void Listen(int room) => RootChain = Math.Max(0, Math.Min(Chains.Count, room - 2));

    /// <summary>Shortens the root's chain where rows are scarce.</summary>
    internal void LimitRows(int rows) => RootChain = Math.Min(RootChain, (rows - 1) / Ensemble);

    /// <summary>Learns from the tokens that were drawn.</summary>
    internal void Observe(ReadOnlySpan<int> tokens)
    {
        ReadWhereCovered = _covered[Last(tokens)];
        if (Candidates.FirstChild(0) >= 0) Misses = Candidates.Find(0, tokens[0]) >= 0 ? 0 : Misses + 1;
        Candidates = _hindsight.Exchange(Candidates);
        foreach (var token in tokens) _hindsight.Observe(token);
    }

    // the candidate at which acceptance ended
    int Last(ReadOnlySpan<int> tokens)
    {
        var node = 0;
        for (var i = 0; i + 1 < tokens.Length && Candidates.Find(node, tokens[i]) is var next and >= 0; i++) node = next;
        return node;
    }
}
