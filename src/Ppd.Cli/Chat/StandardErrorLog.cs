using Microsoft.Extensions.Logging;

namespace Ppd.Cli.Chat;

/// <summary>The log of <c>--verbose</c>: one line per entry on standard error, from level debug on, where llama.cpp's own information is.</summary>
sealed class StandardErrorLog : ILoggerFactory
{
    public ILogger CreateLogger(string categoryName) => new Logger(categoryName);

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException("This log goes to standard error only.");

    public void Dispose() { }

    sealed class Logger(string category) : ILogger
    {
        public bool IsEnabled(LogLevel level) => level is >= LogLevel.Debug and < LogLevel.None;

        public void Log<TState>(LogLevel level, EventId id, TState state, Exception? error, Func<TState, Exception?, string> format)
        {
            if (IsEnabled(level)) Console.Error.WriteLine(Terminal.Safe($"{level} {category}: {format(state, error).TrimEnd()}{(error is null ? "" : $" ({error})")}"));
        }

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;
    }
}
