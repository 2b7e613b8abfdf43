using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Ppd.Tests.Decoding;

namespace Ppd.Tests.Robustness;

/// <summary>A logger that throws on every line, and one that does not even say what is enabled.</summary>
public sealed class LoggerTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Logger_that_throws_does_not_stop_the_engine(bool isEnabledThrows)
    {
        using var loggers = new BrokenLoggers(isEnabledThrows);
        using var client = new PpdChatClient(
            new PpdModelOptions { ModelPath = TestModels.RandomPath, Threads = 1, Slots = 1, GpuLayers = 0, ChatTemplate = "{{ messages[0].content }}" }, loggers);
        for (var i = 0; i < 3; i++)
            (await client.GetResponseAsync("to be", new ChatOptions { MaxOutputTokens = 3 }, TestContext.Current.CancellationToken)).Usage!.OutputTokenCount.ShouldBe(3);
        loggers.Asked.ShouldBeGreaterThan(0);
    }

    sealed class BrokenLoggers(bool isEnabledThrows) : ILoggerFactory, ILogger
    {
        internal int Asked { get; private set; }

        public ILogger CreateLogger(string categoryName) => this;

        public void AddProvider(ILoggerProvider provider) { }

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel)
        {
            Asked++;
            return isEnabledThrows ? throw new TimeZoneNotFoundException() : true;
        }

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            throw new TimeZoneNotFoundException();

        public void Dispose() { }
    }
}
