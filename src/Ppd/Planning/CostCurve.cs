namespace Ppd.Planning;

/// <summary>
/// Time of a step by the number of its rows: what was measured when the model was loaded, times a factor of the size, times one of the machine. What happens while one size is in use
/// is the machine's doing and concerns all sizes alike; how sizes compare is learned from steps right behind a change of size, when the machine has had no time to change. It keeps every step
/// of the staircase, for kernels change with the number of rows and some sizes cost less than smaller ones. Used by the engine's loop only.
/// </summary>
sealed class CostCurve
{
    /// <summary>Most rows of a step.</summary>
    internal const int MostRows = 64;

    const int Remembered = 5;           // latest steps; their median is the machine's
    const int Compared = 3;             // steps behind a change of size; their median is the size's
    const double Unlike = 1.4;          // steps that differ by such a factor are believed when it happens again
    const double Learned = 0.5;         // of a first difference
    const double Settling = 0.25;       // per comparison: a choice among many sizes falls on those that happen to look cheap
    const double LeastLearned = 0.1;
    const double LearnedOfMuch = 0.7;   // of one that large
    const int FreshSteps = 16;          // for so long a size is as it was; later it may have become as cheap as the one in use, twice as late each time it has not
    const int MostFreshSteps = 512;
    const int SteadySteps = 24;         // for so long all are, where only one is in use: so that a change of the others is followed
    const double Changed = 1.25;        // if the machine has changed by that factor, sizes may have changed by different ones

    readonly CostMeasurement _measured;
    readonly Size[] _sizes;             // [rows + 1]
    readonly Latest _machine = new(Remembered);
    readonly Latest _compared = new(Compared);
    readonly Func<int, double> _factor, _hoped;     // of a size
    bool _comparing;
    int _current, _previous;            // size of the last step, and the one in use before
    int _steps, _lastCompared;

    internal CostCurve(CostMeasurement measured)
    {
        _measured = measured;
        _sizes = new Size[MostRows + 1];
        for (var rows = 0; rows <= MostRows; rows++) _sizes[rows] = new Size();
        (_factor, _hoped) = (rows => _sizes[rows].Factor, Hoped);
    }

    /// <summary>What was measured at the beginning.</summary>
    internal CostMeasurement Measured => _measured;

    double Machine => _machine.Count == 0 ? 1 : _machine.Median;

    /// <summary>Counts a step that took <paramref name="milliseconds"/>, host time included.</summary>
    /// <param name="rows">Its rows, all with logits.</param>
    /// <param name="context">Tokens in the cache before it.</param>
    /// <param name="milliseconds">From its begin to its end.</param>
    internal void Observe(int rows, int context, double milliseconds)
    {
        _steps++;
        if (rows != _current)
        {
            Compare();
            (_previous, _current, _comparing) = (_current, rows, true);
        }
        var time = milliseconds / _measured.Milliseconds(rows, context);
        if (!_comparing)
        {
            _machine.Add(time / Own(rows));
            (_sizes[rows].LastStep, _sizes[rows].Machine) = (_steps, Machine);
            return;
        }
        _compared.Add(time);
        if (_compared.Count == Compared) Compare();
    }

    /// <summary>Whether the machine has changed so much since a size was seen that it may compare differently with others now.</summary>
    internal bool IsDoubtful(int rows) => _sizes[rows].Seen && Math.Max(Machine, _sizes[rows].Machine) > Changed * Math.Min(Machine, _sizes[rows].Machine);

    // Learns how the current size compares with the one before.
    void Compare()
    {
        if (!_comparing) return;
        _comparing = false;
        var (size, before) = (_sizes[_current], _sizes[_previous]);
        size.Factor = Own(_current);
        var difference = _machine.Count == 0 ? 1 : _compared.Median / (Machine * size.Factor);
        var large = Math.Max(difference, 1 / difference) > Unlike;
        var again = size.Doubt != 0 && size.Doubt > 0 == difference > 1;
        size.Doubt = !large ? 0 : difference > 1 ? 1 : -1;
        if (large && again)
        {
            size.Factor *= Math.Pow(difference, LearnedOfMuch);
            (size.Fresh, size.Comparisons) = (FreshSteps, 0);
        }
        else if (large && _compared.Count < Compared && _machine.Count > 0)
        {
            _compared.Clear();
            return;
        }
        else
        {
            // Steps behind a change are slower than others, whatever the sizes: what one gains the other loses, and there and back again that cancels out.
            var learned = Math.Log(difference) * (large ? 0 : Math.Max(LeastLearned, Learned / (1 + (Settling * size.Comparisons))));
            var share = before.Seen ? (1.0 + before.Comparisons) / (2 + size.Comparisons + before.Comparisons) : 1;
            size.Factor *= Math.Exp(share * learned);
            before.Factor *= Math.Exp((share - 1) * learned);
            size.Comparisons++;
            if (_steps - size.LastStep > size.Fresh) size.Fresh = Math.Min(2 * size.Fresh, MostFreshSteps);
        }
        _lastCompared = _steps;
        foreach (var time in _compared.Values) _machine.Add(time / size.Factor);
        (size.LastStep, size.Machine) = (_steps, Machine);
        _compared.Clear();
    }

    /// <summary>Expected milliseconds of a step with 1, 2, ... rows, at the index; 0 for none.</summary>
    internal void Fill(Span<float> milliseconds, int context)
    {
        milliseconds[0] = milliseconds[1] = 0;
        var (left, right) = (-1, NextSeen(0));
        for (var rows = 1; rows < milliseconds.Length; rows++)
        {
            if (rows == right) (left, right) = (right, NextSeen(right));
            milliseconds[rows] = Math.Max(milliseconds[1], (float)(Machine * Between(left, rows, right, _hoped) * _measured.Milliseconds(rows, context)));   // no row makes a step shorter
        }
    }

    // Factor of a size as far as it was seen.
    double Own(int rows) => _sizes[rows].Seen ? _sizes[rows].Factor : Between(LastSeen(rows), rows, NextSeen(rows), _factor);

    // Hope alone: thought to be slower, plain decoding would make anything else look cheap.
    double Hoped(int rows)
    {
        var (size, current) = (_sizes[rows], Own(_current));
        var age = Math.Max(_steps - size.LastStep - size.Fresh, _steps - _lastCompared - SteadySteps);
        return age <= 0 ? size.Factor : Math.Min(size.Factor, current + ((size.Factor - current) * Math.Exp(-(double)age / FreshSteps)));
    }

    // Factor of a size between two that were seen; -1 where there is none.
    static double Between(int left, int rows, int right, Func<int, double> factor) => (left, right) switch
    {
        (< 0, < 0) => 1,
        (< 0, _) => factor(right),
        (_, < 0) => factor(left),
        _ => factor(left) + ((factor(right) - factor(left)) * (rows - left) / (right - left)),
    };

    int LastSeen(int rows)
    {
        while (--rows > 0)
            if (_sizes[rows].Seen) return rows;
        return -1;
    }

    int NextSeen(int rows)
    {
        while (++rows <= MostRows)
            if (_sizes[rows].Seen) return rows;
        return -1;
    }

    sealed class Size
    {
        internal double Factor { get; set; } = 1;

        /// <summary>Since it last turned out to be quite different.</summary>
        internal int Comparisons { get; set; }

        internal bool Seen => LastStep > 0;

        internal int LastStep { get; set; }

        /// <summary>The machine's factor then.</summary>
        internal double Machine { get; set; } = 1;

        /// <summary>Steps for which it is taken to be as it was.</summary>
        internal int Fresh { get; set; } = FreshSteps;

        /// <summary>1 or -1 if it was last much slower or faster than expected, and that was not believed.</summary>
        internal int Doubt { get; set; }
    }

    // The latest of some numbers.
    sealed class Latest(int most)
    {
        readonly double[] _values = new double[most], _sorted = new double[most];
        int _next;

        internal int Count { get; private set; }

        internal ReadOnlySpan<double> Values => _values.AsSpan(0, Count);

        internal double Median { get; private set; }

        internal void Add(double value)
        {
            _values[_next] = value;
            _next = (_next + 1) % most;
            Count = Math.Min(Count + 1, most);
            Values.CopyTo(_sorted);
            _sorted.AsSpan(0, Count).Sort();
            Median = _sorted[(Count - 1) / 2];
        }

        internal void Clear() => (Count, _next) = (0, 0);
    }
}
