using Ppd.Drafting;
using Ppd.Planning;

namespace Ppd.Cli.Tune;

/// <summary>How fast the best plan is expected to be with a given cost curve.</summary>
/// <param name="accuracy">[distances][ranks] how often guesses of the prompt tokens are right; null without prompt tokens.</param>
sealed class PlanSpeed(float[][]? accuracy)
{
    const int TypicalContext = 256;     // tokens in the cache
    const double ChainHit = 0.6;        // where nothing is known of the guesses

    /// <summary>On what the expectation rests, for people.</summary>
    internal string Basis => accuracy != null
        ? "Expected of the best static trees for the accuracy table of the model's prompt tokens."
        : FormattableString.Invariant($"Expected of the best chain if every guess is right {100 * ChainHit} times in 100: the model has no prompt tokens with an accuracy table.");

    internal static PlanSpeed Of(PromptTokens? promptTokens) => new(promptTokens is { Ensemble: 1 } ? promptTokens.Accuracy : null);   // static trees have one row per prompt token

    /// <summary>Tokens per second of plain decoding and of the best plan, which may be plain decoding.</summary>
    internal (double Plain, double Planned) Of(CostMeasurement costs)
    {
        double Milliseconds(int rows) => costs.Milliseconds(rows, TypicalContext);
        var best = accuracy != null ? StaticTrees.Optimal(accuracy, Milliseconds, CostCurve.MostRows).TokensPerMillisecond(Milliseconds) : BestChain(Milliseconds);
        return (1000 / Milliseconds(1), 1000 * best);
    }

    static double BestChain(Func<int, double> milliseconds)
    {
        var (best, tokens, reach) = (0.0, 0.0, 1.0);
        for (var rows = 1; rows <= CostCurve.MostRows; rows++, reach *= ChainHit)
        {
            tokens += reach;
            best = Math.Max(best, tokens / milliseconds(rows));
        }
        return best;
    }
}
