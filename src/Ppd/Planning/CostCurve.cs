namespace Ppd.Planning;

/// <summary>
/// Time of a step by the number of its rows: measured when the model was loaded, corrected by the steps since. It keeps every step of the staircase, for kernels change
/// with the number of rows and some sizes cost less than smaller ones. Used by the engine's loop only.
/// </summary>
sealed class CostCurve
{
    /// <summary>Most rows of a step.</summary>
    internal const int MostRows = 64;

    const int Remembered = 7;           // latest times of a size; their median counts
    const double Unlike = 1.4;          // a time so many times longer than expected, or shorter, is not believed at once
    const int BelievedSlower = 3;       // so many in a row are: a busy neighbour lasts longer than a hiccup
    const int BelievedFaster = 2;       // nothing makes a step faster by chance
    const int FreshSteps = 16;          // for so long a size is as it was; later it may have become as cheap as those seen since, twice as late each time it has not
    const int MostFreshSteps = 512;
    const double Changed = 0.12;        // if the size in use has changed that much meanwhile, others may have too

    readonly CostMeasurement _measured;
    readonly SizeTimes[] _sizes;        // [rows + 1]
    int _latest = -1;                   // size of the last believed step
    int _smallest = int.MaxValue;       // size seen; plain decoding's, as soon as there was a step of it
    int _steps;

    internal CostCurve(CostMeasurement measured)
    {
        _measured = measured;
        _sizes = new SizeTimes[MostRows + 1];
        for (var rows = 0; rows <= MostRows; rows++) _sizes[rows] = new SizeTimes();
    }

    /// <summary>What was measured at the beginning.</summary>
    internal CostMeasurement Measured => _measured;

    /// <summary>Counts a step that took <paramref name="milliseconds"/>, host time included.</summary>
    /// <param name="rows">Its rows, all with logits.</param>
    /// <param name="context">Tokens in the cache before it.</param>
    /// <param name="milliseconds">From its begin to its end.</param>
    internal void Observe(int rows, int context, double milliseconds)
    {
        _steps++;
        var expected = _sizes[rows].Seen ? _sizes[rows].Median : Between(LastSeen(rows), rows, NextSeen(rows));
        if (!_sizes[rows].Add(milliseconds / _measured.Milliseconds(rows, context), expected, _steps)) return;
        // what plain decoding was like when this size was seen; for plain decoding, the size before it
        var beside = rows > _smallest ? _smallest : _latest;
        if (beside > 0 && beside != rows) _sizes[rows].Beside = (beside, _sizes[beside].Median);
        _smallest = Math.Min(_smallest, rows);
        if (rows > _smallest && _sizes[rows].Restarted) ForgetOthers(rows);
        _latest = rows;
    }

    // What has changed for one tree has changed for others: until they are seen again this one speaks for them.
    void ForgetOthers(int rows)
    {
        for (var other = _smallest + 1; other <= MostRows; other++)
            if (other != rows) _sizes[other].Forget();
    }

    /// <summary>Expected milliseconds of a step with 1, 2, ... rows, at the index; 0 for none.</summary>
    internal void Fill(Span<float> milliseconds, int context)
    {
        milliseconds[0] = milliseconds[1] = 0;
        var (left, right) = (-1, NextSeen(0));
        for (var rows = 1; rows < milliseconds.Length; rows++)
        {
            if (rows == right) (left, right) = (right, NextSeen(right));
            milliseconds[rows] = Math.Max(milliseconds[1], (float)(Between(left, rows, right) * _measured.Milliseconds(rows, context)));   // no row makes a step shorter
        }
    }

    // Factor of a size between two that were seen; -1 where there is none.
    double Between(int left, int rows, int right) => (left, right) switch
    {
        (< 0, < 0) => 1,
        (< 0, _) => Factor(right),
        (_, < 0) => Factor(left),
        _ => Factor(left) + ((Factor(right) - Factor(left)) * (rows - left) / (right - left)),
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

    double Factor(int rows)
    {
        var (size, latest) = (_sizes[rows], _sizes[_latest].Median);
        // what has slowed the size in use has slowed this one too
        var drift = size.Beside.Size > 0 && _sizes[size.Beside.Size].Seen ? _sizes[size.Beside.Size].Median / size.Beside.Median : 1;
        var changed = Math.Abs(drift - 1) > Changed;
        var own = changed ? size.Median * drift : size.Median;
        var age = _steps - size.LastStep - (changed ? FreshSteps : size.Fresh);
        // hope alone: thought to be slower, plain decoding would make anything else look cheap
        return age <= 0 ? own : Math.Min(own, latest + ((own - latest) * Math.Exp(-(double)age / FreshSteps)));
    }

    /// <summary>Latest times of one size, as multiples of what was measured.</summary>
    sealed class SizeTimes
    {
        readonly double[] _times = new double[Remembered];
        readonly double[] _unlike = new double[BelievedSlower];
        readonly double[] _sorted = new double[Remembered];
        int _count, _next, _unlikeCount;

        internal bool Seen => _count > 0;

        internal int LastStep { get; private set; }

        /// <summary>Steps for which it is taken to be as it was.</summary>
        internal int Fresh { get; private set; } = FreshSteps;

        /// <summary>The size seen before it, and its median then.</summary>
        internal (int Size, double Median) Beside { get; set; }

        internal double Median { get; private set; } = 1;

        /// <summary>Whether the last time was the one that made a lasting change believed.</summary>
        internal bool Restarted { get; private set; }

        /// <summary>Returns whether the time is believed.</summary>
        internal bool Add(double time, double expected, int step)
        {
            if (time > Unlike * expected || time < expected / Unlike)
            {
                // changes in opposite directions are noise
                if (_unlikeCount > 0 && (_unlike[0] > expected) != (time > expected)) _unlikeCount = 0;
                _unlike[_unlikeCount++] = time;
                if (_unlikeCount < (time > expected ? BelievedSlower : BelievedFaster)) return false;
                (_count, _next, Fresh, Restarted) = (0, 0, FreshSteps, true);
                for (var i = 0; i < _unlikeCount; i++) Remember(_unlike[i]);
            }
            else
            {
                Restarted = false;
                if (step - LastStep > Fresh) Fresh = Math.Min(2 * Fresh, MostFreshSteps);
                Remember(time);
            }
            _unlikeCount = 0;
            LastStep = step;
            _times.AsSpan(0, _count).CopyTo(_sorted);
            _sorted.AsSpan(0, _count).Sort();
            Median = _sorted[(_count - 1) / 2];
            return true;
        }

        internal void Forget() => (_count, _next, _unlikeCount, Median) = (0, 0, 0, 1);

        void Remember(double time)
        {
            _times[_next] = time;
            _next = (_next + 1) % Remembered;
            _count = Math.Min(_count + 1, Remembered);
        }
    }
}
