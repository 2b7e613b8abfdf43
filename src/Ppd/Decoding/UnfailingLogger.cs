using Microsoft.Extensions.Logging;

namespace Ppd.Decoding;

/// <summary>A logger whose errors go nowhere: one that left the engine's thread would end the process, and one in the middle of a notification would leave a caller waiting.</summary>
sealed class UnfailingLogger(ILogger logger) : ILogger
{
    /// <inheritdoc/>
    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    /// <inheritdoc/>
    public bool IsEnabled(LogLevel logLevel)
    {
        try
        {
            return logger.IsEnabled(logLevel);
        }
        catch (Exception)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        try
        {
            logger.Log(logLevel, eventId, state, exception, formatter);
        }
        catch (Exception)
        {
            // the logger that failed is the only place to tell
        }
    }
}
