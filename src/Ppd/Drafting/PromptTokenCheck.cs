namespace Ppd.Drafting;

/// <summary>What must hold for prompt tokens of any origin, before they are written and after they were read.</summary>
static class PromptTokenCheck
{
    const float SumTolerance = 1e-3f; // rounding of a table's entries
    const int MaxTrainingEntries = 256;

    /// <exception cref="PpdPromptTokenFileException">Something is out of bounds; <paramref name="path"/> is named as the place.</exception>
    public static void Check(PromptTokens tokens, string path)
    {
        CheckShape(tokens.Width, tokens.Ensemble, tokens.Count, path);
        int rows = tokens.Count * tokens.Ensemble;
        if (tokens.Rows.LongLength != (long)rows * tokens.Width)
            throw Refuse(path, $"{tokens.Rows.LongLength} elements", $"{rows} rows of {tokens.Width} elements are declared");
        CheckFinite(tokens.Rows, tokens.Width, PromptTokenFile.RowsTensor, path);
        if (!Enum.IsDefined(tokens.Mask))
            throw Refuse(path, $"mask rule {tokens.Mask}", $"allowed are {string.Join(", ", Enum.GetNames<PromptTokenMask>())}");
        CheckFingerprint(tokens.Fingerprint, path);
        if (tokens.Conditional is { } conditional)
            CheckConditional(conditional, tokens, path);
        if (tokens.Accuracy is { } accuracy)
            CheckAccuracy(accuracy, tokens.Count, path);
        if (tokens.Calibration is { } calibration)
            CheckCalibration(calibration, tokens.Count, path);
        CheckTraining(tokens.Training, path);
    }

    /// <summary>The part that must be known before anything is allocated.</summary>
    public static void CheckShape(long width, long ensemble, long count, string path)
    {
        if (width is < 1 or > PromptTokens.MaxWidth)
            throw Refuse(path, $"rows of {width} elements", $"1 to {PromptTokens.MaxWidth} are allowed");
        if (count is < 1 or > PromptTokens.MaxCount)
            throw Refuse(path, $"{count} prompt tokens", $"1 to {PromptTokens.MaxCount} are allowed");
        if (ensemble is < 1 or > PromptTokens.MaxEnsemble)
            throw Refuse(path, $"{ensemble} ensemble members per prompt token", $"1 to {PromptTokens.MaxEnsemble} are allowed");
        if (count * ensemble > PromptTokens.MaxRows)
            throw Refuse(path, $"{count} prompt tokens of {ensemble} members", $"their product may be {PromptTokens.MaxRows} at most");
    }

    public static PpdPromptTokenFileException Refuse(string path, string found, string allowed) => new(
        $"The prompt tokens in '{path}' have {found}; {allowed}. The file is damaged or was written by a faulty tool; get it again, or train it anew with `ppd-train prompt-tokens`.");

    static void CheckFinite(float[] values, int width, string tensor, string path)
    {
        int bad = Array.FindIndex(values, value => !float.IsFinite(value));
        if (bad < 0)
            return;
        throw new PpdPromptTokenFileException(FormattableString.Invariant(
            $"Tensor '{tensor}' of '{path}' has {values[bad]} in row {bad / width}, element {bad % width}; only finite numbers are allowed. ") +
            "The training diverged or the file is damaged; train with a smaller learning rate, or get the file again.");
    }

    static void CheckFingerprint(string fingerprint, string path)
    {
        if (fingerprint.Length != ModelFingerprint.Length || !fingerprint.All(char.IsAsciiHexDigitLower))
            throw Refuse(path, $"the model fingerprint '{fingerprint}'", $"{ModelFingerprint.Length} lower-case hexadecimal digits are needed");
    }

    static void CheckConditional(LowRank conditional, PromptTokens tokens, string path)
    {
        int rank = conditional.Rank;
        if (rank is < 1 or > LowRank.MaxRank)
            throw Refuse(path, $"a conditional part of rank {rank}", $"1 to {LowRank.MaxRank} are allowed");
        if (conditional.Down.LongLength != (long)rank * tokens.Width || conditional.Up.LongLength != (long)rank * tokens.Width * tokens.Count)
        {
            throw Refuse(path, $"a conditional part of {conditional.Down.LongLength} and {conditional.Up.LongLength} elements",
                $"rank {rank}, width {tokens.Width} and {tokens.Count} prompt tokens call for {(long)rank * tokens.Width} and {(long)rank * tokens.Width * tokens.Count}");
        }
        CheckFinite(conditional.Down, tokens.Width, PromptTokenFile.DownTensor, path);
        CheckFinite(conditional.Up, rank, PromptTokenFile.UpTensor, path);
    }

    static void CheckAccuracy(float[][] accuracy, int count, string path)
    {
        if (accuracy.Length != count)
            throw Refuse(path, $"an accuracy table for {accuracy.Length} distances", $"there are {count} prompt tokens");
        for (int i = 0; i < count; i++)
        {
            float[] ranks = accuracy[i];
            string where = $"the accuracy table of distance {i + 1}";
            if (ranks.Length is < 1 or > PromptTokenFile.MaxRanks)
                throw Refuse(path, $"{ranks.Length} ranks in {where}", $"1 to {PromptTokenFile.MaxRanks} are allowed");
            if (Array.Exists(ranks, rate => rate is not (>= 0 and <= 1)))
                throw Refuse(path, FormattableString.Invariant($"{Array.Find(ranks, rate => rate is not (>= 0 and <= 1))} in {where}"), "a hit rate is from 0 to 1");
            if (ranks.Sum() > 1 + SumTolerance)
                throw Refuse(path, FormattableString.Invariant($"hit rates with the sum {ranks.Sum()} in {where}"), "at most one rank is right, so the sum cannot exceed 1");
        }
    }

    static void CheckCalibration(CalibrationCurve[] calibration, int count, string path)
    {
        if (calibration.Length != count)
            throw Refuse(path, $"a calibration for {calibration.Length} distances", $"there are {count} prompt tokens");
        for (int i = 0; i < count; i++)
        {
            var (edges, rates) = calibration[i];
            string where = $"the calibration of distance {i + 1}";
            if (rates.Length is < 1 or > CalibrationCurve.MaxBins || edges.Length != rates.Length + 1)
                throw Refuse(path, $"{edges.Length} edges and {rates.Length} rates in {where}", $"1 to {CalibrationCurve.MaxBins} rates and one edge more are needed");
            if (Array.Exists(rates, rate => rate is not (>= 0 and <= 1)))
                throw Refuse(path, FormattableString.Invariant($"{Array.Find(rates, rate => rate is not (>= 0 and <= 1))} in {where}"), "a hit rate is from 0 to 1");
            // Written so that NaN fails.
            bool increasing = Enumerable.Range(0, rates.Length).All(bin => edges[bin] < edges[bin + 1]);
            if (edges[0] != 0 || edges[^1] != 1 || !increasing)
                throw Refuse(path, $"edges in {where} that do not rise from 0 to 1", "each must be larger than the one before");
        }
    }

    static void CheckTraining(IReadOnlyDictionary<string, string> training, string path)
    {
        if (training.Count > MaxTrainingEntries)
            throw Refuse(path, $"{training.Count} entries in the training record", $"{MaxTrainingEntries} are allowed");
        if (training.Keys.FirstOrDefault(name => name.Length is 0 or > 100 || !name.All(c => c is > ' ' and <= '~')) is { } bad)
            throw Refuse(path, $"an entry '{bad}' in the training record", "a name has 1 to 100 printable ASCII characters without blanks");
    }
}
