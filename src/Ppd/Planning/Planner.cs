using Ppd.Drafting;

namespace Ppd.Planning;

/// <summary>
/// Chooses the trees of a step: those of all requests together whose expected tokens per millisecond are most. It works with one price, the tokens that the engine
/// emits in a millisecond on the whole: a guess or a prompt token is worth decoding if what it brings exceeds the price of the time its rows add (algorithm.md 9 C).
/// Growths are taken in the order of their gain per row, and of all the sizes passed the best one is kept, for the price of a row is a staircase.
/// </summary>
sealed class Planner
{
    const int SampleEvery = 3;          // steps, between two looks at what guesses at fewer distances would have been worth
    const int ManyMisses = 3;           // steps whose guesses were all wrong
    const double Memory = 64;           // steps, of the speed
    const int FirstLooks = 4;           // steps of plain decoding that are made early on, each after as many others, to know what they take
    const int LookEvery = 256;          // steps, later
    const int LookAgain = 32;           // steps, where the machine has changed since
    const float WorthLabelling = 0.2f;  // of the price of a row: what is proposed though it would not pay, to learn how often it is right
    const float LeftByOthers = 0.5f;    // of the worth of a guess at places where others guess as well, before that is known
    const double MostDrafting = 0.2;    // of plain decoding; more is a hiccup
    const double MostCaution = 4;
    const double MostBelieved = 1.2;    // of the expected time of a step, in accounts of what drafts took
    const double CautionRate = 0.03;    // per step of plain decoding that drafting loses
    const double FirstCautionRate = 0.2;
    const int FirstDrafts = 12;         // steps that draft: nothing has confirmed yet what the sources claim. Many more, and bad luck at the start keeps from drafting what would pay
    const double CautionMemory = 400;   // steps

    readonly AcceptanceModel _acceptance = new(null, AcceptanceModel.SharedMemory);
    readonly PlaceValues _chains;
    readonly Listening _listening = new();
    readonly int _ensemble;
    readonly float[] _milliseconds = new float[CostCurve.MostRows + 1];
    readonly List<TreeGrowth> _growths = [];
    readonly List<(int Request, Growth Growth, int Chain)> _taken = [];
    readonly ShapeValues _shapes;
    readonly float[][] _worth;          // [distances][rows + 1] milliseconds, for the shape values
    readonly float[] _together = new float[CostCurve.MostRows];     // [certain tokens] what a guess and these bring each, if the guess is right
    readonly PriorityQueue<(int Request, Growth Growth), float> _open = new();
    readonly List<TreeGrowth> _samples = [];
    readonly float _rebuild;
    float _output;                      // milliseconds that logits add to a row, as of the last plan
    readonly StaticPlan? _static;
    int _looks, _sincePlain, _steps, _drafts;
    double _caution = 1;                // factor of the price
    double _tokens = 4, _time = 4;      // of the last steps, in tokens and times of plain decoding

    /// <param name="costs">What steps cost.</param>
    /// <param name="hitRates">[count] how often the best guesses of the prompt tokens up to one are all right; empty without prompt tokens.</param>
    /// <param name="ensemble">Rows of a prompt token.</param>
    /// <param name="accuracy">[count][ranks] how often the guess of a rank is right, for static trees; null where it is not known.</param>
    internal Planner(CostCurve costs, ReadOnlySpan<float> hitRates, int ensemble, float[][]? accuracy = null)
    {
        _static = accuracy == null ? null : new StaticPlan(accuracy);
        Costs = costs;
        _rebuild = (float)costs.Measured.Rebuild;
        _shapes = new ShapeValues(_rebuild);
        _ensemble = ensemble;
        var promised = ChainValues.Promised(hitRates, ensemble, costs.Measured);
        _chains = new PlaceValues(promised, [.. promised.Select(value => LeftByOthers * value)], ChainValues.SharedMemory);
        _worth = [.. promised.Select(_ => new float[CostCurve.MostRows + 1])];
    }

    /// <summary>What steps cost.</summary>
    internal CostCurve Costs { get; }

    /// <summary>That of the last decode, prompts included: one of another shape takes longer.</summary>
    internal StepShape Shape { get; set; }

    /// <summary>What rows must bring, as a multiple of their price: more than 1 where drafting has taken more time than it saved.</summary>
    internal double Caution => _caution;

    /// <summary>Tokens that steps as planned yield in the time in which plain decoding yields one; at least 1.</summary>
    internal double Speedup => Math.Max(1, _tokens / _time);

    /// <summary>Tokens that a millisecond of the last planned step had to bring.</summary>
    internal float Price { get; private set; }

    /// <summary>Expected milliseconds of a step of so many rows, as of the last plan.</summary>
    internal float Milliseconds(int rows) => _milliseconds[rows];

    /// <summary>A new request's part.</summary>
    /// <param name="plan">How its trees are chosen.</param>
    /// <param name="source">Reads its prompt tokens; null if it has none.</param>
    internal RequestPlan Begin(PpdPlan plan, PromptTokenSource? source) => new(plan, source, _ensemble, _acceptance, _chains, _listening);

    /// <summary>Fills the trees of all requests.</summary>
    /// <param name="requests">The active requests, with their candidates.</param>
    /// <param name="context">Tokens in the cache.</param>
    internal void Plan(List<RequestPlan> requests, int context)
    {
        Costs.Fill(_milliseconds, context);
        _output = (float)Costs.Measured.PerOutput * _milliseconds[requests.Count] / (float)Costs.Measured.Milliseconds(requests.Count, context);
        Price = (float)(_caution * Speedup * requests.Count / _milliseconds[requests.Count]);
        while (_growths.Count < requests.Count)
        {
            _growths.Add(new TreeGrowth());
            _samples.Add(new TreeGrowth());
        }
        if (requests.Exists(request => request.Candidates.Decided > 0)) WeighTogether(requests.Count);
        _taken.Clear();
        var (rows, paths) = (0, 0);
        for (var r = 0; r < requests.Count; r++)
        {
            var request = requests[r];
            request.Weigh(_together);
            request.LimitRows(CostCurve.MostRows - rows - (requests.Count - r - 1));
            _growths[r].Begin(request.Candidates, request.Chains, request.Covered, request.Worth, request.Limits, request.RootChain);
            rows += _growths[r].Rows;
            paths += _growths[r].Paths;
        }
        for (var r = 0; r < requests.Count; r++)
            if (requests[r].Plan.Kind is PpdPlanKind.Chain or PpdPlanKind.Tree) (rows, paths) = Fill(r, requests[r], rows, paths);
        foreach (var request in requests)
            if (request.Plan.Kind == PpdPlanKind.Static) rows += _static!.Fill(request, 1 + CostCurve.MostRows - rows) - 1;
        _open.Clear();
        var looks = LooksAtPlain(requests.Count);
        for (var r = 0; r < requests.Count; r++)
            if (requests[r].Plan.Kind == PpdPlanKind.Auto && requests[r].Limits.Guesses > 0 && !looks) Open(_growths[r], r, 0);
        var offered = _open.Count > 0;
        var (_, taken) = Grow(_growths, rows, paths, log: true);
        Write(requests, taken);
        var begins = false;
        foreach (var request in requests) begins |= request.Begins;
        if (offered && !begins && rows == requests.Count && ++_steps % SampleEvery == 0) SampleShapes(requests);
        var listening = ListeningCost(requests.Count);
        var least = Price * LeastPerRow(requests.Count) * WorthLabelling;
        foreach (var request in requests) (request.ListeningCost, request.LeastReach) = (listening, least);
        foreach (var request in requests)
            if (request is { Distances: > 0, Limits.Guesses: > 0, Begins: false } && IsSampled(request)) Sample(request, requests.Count);
    }

    // Left to the next step, what is certain behind a guess would bring its tokens less the price of its rows.
    void WeighTogether(int plain)
    {
        for (var certain = 0; certain < _together.Length; certain++)
        {
            var rows = Math.Min(plain + certain, CostCurve.MostRows);
            var price = Price * (_milliseconds[rows] - _milliseconds[plain] - (certain * _output));
            _together[certain] = (1 + Math.Clamp(price, 0, certain)) / (1 + certain);
        }
    }

    // Where nothing comes true any more, or never has, what is believed of it has to change fast.
    static bool IsSampled(RequestPlan request) => request.Misses >= ManyMisses || request.Steps % (request.Distances > 1 ? SampleEvery : 2 * SampleEvery) == 2;

    // Everything is compared with plain decoding, whose time is not known for long if it is never used.
    bool LooksAtPlain(int plain) => _sincePlain >= (_looks < FirstLooks ? FirstLooks : Costs.IsDoubtful(plain) ? LookAgain : LookEvery);

    // To be right, a guess needs a row for itself and one for the prompt token it was read at, in one step or in two.
    float ListeningCost(int requests)
    {
        const float MostlyRight = 0.9f;
        var (step, most) = (_milliseconds[requests], Math.Min(_chains.Count, (CostCurve.MostRows - requests) / (2 * _ensemble)));
        var plain = step / requests;    // of one token
        var pays = false;
        for (var guesses = 1; guesses <= most; guesses++)
        {
            var together = _milliseconds[requests + guesses + (guesses * _ensemble)] - step;
            var apart = _milliseconds[requests + guesses] + _milliseconds[requests + (guesses * _ensemble)] - (2 * step);
            pays |= Math.Min(together, apart) < MostlyRight * guesses * plain;
        }
        return pays ? (_milliseconds[requests + (most * _ensemble)] - step) / plain : float.PositiveInfinity;
    }

    // As much as fits into the rows that are forced; a price plays no part.
    (int Rows, int Paths) Fill(int r, RequestPlan request, int rows, int paths)
    {
        var growth = _growths[r];
        (rows, paths) = (rows - growth.Rows, paths - growth.Paths);
        var limit = Math.Min(request.Plan.Rows, CostCurve.MostRows - rows);
        _open.Clear();
        if (request.Limits.Guesses > 0) Open(growth, r, 0);
        while (_open.TryDequeue(out var next, out _))
        {
            var offer = growth.Offer(next.Growth, limit - growth.Rows);
            if (offer.Rows == 0 || Delayed(next, offer)) continue;
            Take(growth, next, offer, log: true);
        }
        return (rows + growth.Rows, paths + growth.Paths);
    }

    // Takes growths of the open requests while any size to come may pay; returns the best value passed, in tokens, and how many had been taken then.
    (float Value, int Taken) Grow(List<TreeGrowth> growths, int rows, int paths, bool log, float[]? worth = null)
    {
        var decided = 0;
        foreach (var request in growths) decided += request.Decided;
        var start = Time(rows, paths);
        var (gain, best, taken) = (0f, 0f, _taken.Count);
        (int, Growth, int)? last = null;
        while (_open.TryDequeue(out var next, out _))
        {
            var growth = growths[next.Request];
            var offer = growth.Offer(next.Growth, CostCurve.MostRows - rows);
            if (offer.Rows == 0 || Delayed(next, offer)) continue;
            if (offer.GainPerRow <= Price * (LeastPerRow(rows) - (growth.Decides(next.Growth) ? _output : 0))) break;
            // several rows at once bring more for each, but a smaller size may be the one to end with
            for (var less = offer.Rows - 1; less > 0; less--)
                if (growth.Offer(next.Growth, less) is { Rows: > 0 } part && IsBest(rows + part.Rows, gain + part.Gain)) (taken, last) = (_taken.Count, (next.Request, next.Growth, part.Chain));
            (paths, decided) = (paths - growth.Paths, decided - growth.Decided);
            var brought = Take(growth, next, offer, log);
            (rows, paths, decided, gain) = (rows + brought.Rows, paths + growth.Paths, decided + growth.Decided, gain + brought.Gain);
            if (IsBest(rows, gain)) (taken, last) = (_taken.Count, null);
        }
        if (!log || last is not { } end) return (best, taken);
        _taken.RemoveRange(taken, _taken.Count - taken);
        _taken.Add(end);
        return (best, taken + 1);

        bool IsBest(int size, float brought)
        {
            if (worth != null) worth[size] = Math.Max(worth[size], (brought / Price) - Time(size, paths));
            var value = brought - (Price * (Time(size, paths) - start));
            if (value <= best) return false;
            best = value;
            return true;
        }

        // What guesses are worth is sampled without the cost of changes: with it, guesses would be worth nothing wherever plain decoding has become the habit, and it would stay one.
        float Time(int size, int own) => log ? Cost(new(size, own, size - decided)) - _shapes[size] : _milliseconds[size] - (decided * _output);
    }

    /// <summary>Expected milliseconds of a step of this shape, as of the last plan.</summary>
    internal float Cost(StepShape shape) =>
        _milliseconds[shape.Rows] - ((shape.Rows - shape.Outputs) * _output) + (shape.Rows == Shape.Rows && shape.Outputs == Shape.Outputs && shape.Paths <= Shape.Paths ? 0 : _rebuild);

    /// <summary>The least that a row more can cost, in milliseconds, on the way to any larger size.</summary>
    internal float LeastPerRow(int rows)
    {
        if (rows >= CostCurve.MostRows) return float.PositiveInfinity;
        var least = float.PositiveInfinity;
        var (start, change) = (_milliseconds[rows], Change(rows));
        for (var more = rows + 1; more <= CostCurve.MostRows; more++)
        {
            // what a change of shape costs, now and later, is learned from sizes that are passed: it must not keep them from being passed
            var added = _milliseconds[more] - start;
            least = Math.Min(least, Math.Min(added, added + Change(more) - change) / (more - rows));
        }
        return least;

        float Change(int size) => (size == Shape.Rows ? 0 : _rebuild) - _shapes[size];
    }

    // An offer that has become worse than the next one waits its turn.
    bool Delayed((int Request, Growth Growth) next, GrowthOffer offer)
    {
        const float Tolerance = 1e-6f;
        if (!_open.TryPeek(out _, out var negative) || offer.GainPerRow >= -negative - Tolerance) return false;
        _open.Enqueue(next, -offer.GainPerRow);
        return true;
    }

    // Returns what it brings in all.
    GrowthOffer Take(TreeGrowth growth, (int Request, Growth Growth) next, GrowthOffer offer, bool log)
    {
        growth.Take(next.Growth, offer);
        if (log) _taken.Add((next.Request, next.Growth, offer.Chain));
        if (next.Growth.IsChain)
        {
            OpenGrowth(growth, next.Request, next.Growth);
            return offer;
        }
        Open(growth, next.Request, next.Growth.Node);
        var parent = new Growth(growth.Parent(next.Growth.Node), IsChain: true);
        var trimmed = growth.Trim(parent.Node, offer.GainPerRow);
        if (trimmed.Rows == 0) return offer;
        if (log) _taken.Add((next.Request, parent, trimmed.Chain));
        OpenGrowth(growth, next.Request, parent);
        return new GrowthOffer(offer.Gain + trimmed.Gain, offer.Rows + trimmed.Rows, offer.Chain);
    }

    void Open(TreeGrowth growth, int request, int node)
    {
        for (var child = growth.NextCandidate(node, -1); child >= 0; child = growth.NextCandidate(node, child)) OpenGrowth(growth, request, new(child, IsChain: false));
        OpenGrowth(growth, request, new(node, IsChain: true));
    }

    void OpenGrowth(TreeGrowth growth, int request, Growth next)
    {
        if (growth.Offer(next, CostCurve.MostRows) is { Rows: > 0 } offer) _open.Enqueue((request, next), -offer.GainPerRow);
    }

    void Write(List<RequestPlan> requests, int taken)
    {
        for (var i = 0; i < taken; i++)
        {
            var (r, growth, chain) = _taken[i];
            _growths[r].Write(growth, chain, requests[r].Tree);
        }
        for (var r = 0; r < requests.Count; r++)
            if (requests[r].Plan.Kind != PpdPlanKind.Static) _growths[r].WriteChains(requests[r].Tree);
    }

    // What the step would be worth with guesses at 0, 1, ... distances only: the differences are what chains of such lengths are worth to a step before.
    void Sample(RequestPlan request, int requests)
    {
        Span<float> values = stackalloc float[request.Distances + 1];
        for (var distance = 0; distance <= request.Distances; distance++)
        {
            _samples[0].Begin(request.Candidates, request.Chains, request.Covered, request.Worth, request.Limits with { IsChain = false }, mostDistance: distance);
            _open.Clear();
            Open(_samples[0], 0, 0);
            values[distance] = Grow(_samples, requests, requests, log: false).Value;
        }
        for (var distance = values.Length - 1; distance >= 0; distance--) values[distance] -= values[0];
        request.Chains[request.ReadWhereCovered].Observe(values);
        _chains[request.ReadWhereCovered].Observe(values);
    }

    // What steps of each size would be worth, with guesses at 0, 1, ... distances only.
    void SampleShapes(List<RequestPlan> requests)
    {
        var most = 0;
        foreach (var request in requests) most = Math.Max(most, request.Distances);
        Span<float> read = stackalloc float[most + 1];
        for (var distance = 0; distance <= most; distance++)
        {
            _open.Clear();
            for (var r = 0; r < requests.Count; r++)
            {
                var request = requests[r];
                _samples[r].Begin(request.Candidates, request.Chains, request.Covered, request.Worth, request.Limits, mostDistance: distance);
                if (request.Plan.Kind == PpdPlanKind.Auto && request.Limits.Guesses > 0) Open(_samples[r], r, 0);
                read[distance] += request.Chains[request.ReadWhereCovered].Values[Math.Min(distance, request.Distances)] / Price;
            }
            Array.Fill(_worth[distance], float.NegativeInfinity);
            _worth[distance][requests.Count] = -_milliseconds[requests.Count];
            Grow(_samples, requests.Count, requests.Count, log: false, _worth[distance]);
        }
        _shapes.Observe(_worth, read, requests.Count);
    }

    static bool AnyByPrice(List<RequestPlan> requests)
    {
        foreach (var request in requests)
            if (request.Plan.Kind == PpdPlanKind.Auto) return true;
        return false;
    }

    /// <summary>Learns from a step.</summary>
    /// <param name="requests">Those of the last plan.</param>
    /// <param name="accepted">[requests] guesses that were right.</param>
    /// <param name="shape">That of the step.</param>
    /// <param name="context">As for the plan.</param>
    /// <param name="milliseconds">From begin to end.</param>
    /// <param name="drafting">Milliseconds of these that went by before there was a plan: what proposing and planning take even where nothing is chosen.</param>
    internal void Observe(List<RequestPlan> requests, List<int> accepted, StepShape shape, int context, double milliseconds, double drafting = 0)
    {
        const double Keep = 1 - (1 / Memory);
        var (plain, rows) = (requests.Count, shape.Rows);
        milliseconds -= drafting;
        drafting = Math.Min(drafting, MostDrafting * _milliseconds[plain]);
        var drawn = plain;
        foreach (var count in accepted) drawn += count;
        _tokens = (_tokens * Keep) + ((double)drawn / plain);
        _time = (_time * Keep) + ((Cost(shape) + drafting) / _milliseconds[plain]);
        // a request that joins others finds warm caches
        var cold = true;
        foreach (var request in requests) cold &= request.IsCold;
        // a hiccup of the machine is nobody's fault
        var added = cold ? Math.Max(0, Cost(shape) - _milliseconds[plain]) : Math.Max(0, Math.Min(milliseconds, MostBelieved * Cost(shape)) - _milliseconds[plain]);
        for (var r = 0; r < requests.Count; r++)
        {
            var own = requests[r].Tree.Count - 1 + (requests[r].Tree.PromptCount * _ensemble);
            requests[r].Balance.Observe(_milliseconds[plain] / plain, (drafting / plain) + (rows == plain ? 0 : added * own / (rows - plain)), accepted[r]);
        }
        if (rows == plain) (_looks, _sincePlain) = (_looks + 1, 0);
        else _sincePlain++;
        // Whatever the estimates get wrong shows in time that drafts took and did not save: rows must promise more then, until the account is even.
        _caution = 1 + ((_caution - 1) * (1 - (1 / CautionMemory)));
        if (rows > plain && AnyByPrice(requests))
        {
            var loss = (added / _milliseconds[plain]) - ((double)(drawn - plain) / plain);
            _caution = Math.Clamp(_caution * Math.Exp((_drafts++ < FirstDrafts ? FirstCautionRate : CautionRate) * loss), 1, MostCaution);
        }
        if (!cold) Costs.Observe(rows, context, Math.Max(0.5 * milliseconds, milliseconds + ((rows - shape.Outputs) * _output) - (shape == Shape ? 0 : _rebuild)));
        Shape = shape;
    }
}
