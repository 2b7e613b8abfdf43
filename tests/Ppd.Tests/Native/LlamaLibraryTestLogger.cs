using Microsoft.Extensions.Logging;

namespace Ppd.Tests.Native;

sealed class LlamaLibraryTestLogger : ILogger
{
    public List<(LogLevel Level, string Text)> Entries { get; } = [];

    public Exception? Failure { get; init; }

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        lock (Entries)
            Entries.Add((logLevel, formatter(state, exception)));
        if (Failure is not null)
            throw Failure;
    }
}
