using Microsoft.Extensions.Logging;

namespace Ppd.Diagnostics;

/// <summary>Passes on how much of a model is loaded, and logs every quarter.</summary>
/// <param name="path">The model's file.</param>
/// <param name="listeners">Told every report; those that are null are not there.</param>
/// <param name="logger">Gets a line for every quarter.</param>
sealed partial class LoadProgress(string path, IProgress<float>?[] listeners, ILogger logger) : IProgress<float>
{
    int _quarters;
    float _last = -1;

    /// <inheritdoc/>
    public void Report(float value)
    {
        if (value <= _last) return;
        _last = value;
        if ((int)(value * 4) is var quarters && quarters > _quarters)
        {
            _quarters = quarters;
            LogProgress(logger, path, quarters * 25);
        }
        foreach (var listener in listeners) listener?.Report(value);
    }

    [LoggerMessage(LogLevel.Debug, "Loading '{Path}': {Percent} %")]
    static partial void LogProgress(ILogger logger, string path, int percent);
}
