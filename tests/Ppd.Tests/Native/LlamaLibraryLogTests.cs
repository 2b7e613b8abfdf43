using Microsoft.Extensions.Logging;
using Ppd.Native;

namespace Ppd.Tests.Native;

public sealed class LlamaLibraryLogTests
{
    const int Debug = 1, Info = 2, Warning = 3, Error = 4, Continuation = 5;

    readonly LlamaLibraryTestLogger _logger = new();
    readonly LlamaLibraryLogLines _lines;

    public LlamaLibraryLogTests() => _lines = new() { Sink = _logger };

    [Fact]
    public void Continuations_join_the_line_before_at_its_level()
    {
        _lines.Write(Warning, "loading");
        _lines.Write(Continuation, " .");
        _lines.Write(Continuation, ".");
        _logger.Entries.ShouldBeEmpty("the line has not ended");
        _lines.Write(Continuation, " done\n");

        _logger.Entries.ShouldBe([(LogLevel.Warning, "loading .. done")]);
    }

    [Fact]
    public void Line_that_another_one_interrupts_is_not_lost()
    {
        _lines.Write(Info, "half");
        _lines.Write(Error, "whole\n");

        _logger.Entries.ShouldBe([(LogLevel.Debug, "half"), (LogLevel.Error, "whole")]);
    }

    [Theory]
    [InlineData(Debug, LogLevel.Trace)]
    [InlineData(Info, LogLevel.Debug)]
    [InlineData(Warning, LogLevel.Warning)]
    [InlineData(Error, LogLevel.Error)]
    public void Levels_are_mapped(int level, LogLevel expected)
    {
        _lines.Write(level, "text\n");

        _logger.Entries.ShouldBe([(expected, "text")]);
    }

    [Fact]
    public void Line_without_an_end_is_cut_and_not_kept_for_ever()
    {
        _lines.Write(Info, "x");
        for (int i = 0; i < 20_000; i++)
            _lines.Write(Continuation, ".");

        _logger.Entries.ShouldHaveSingleItem().Text.Length.ShouldBe(16 * 1024 + 1);
    }

    [Fact]
    public void Empty_lines_are_not_logged()
    {
        _lines.Write(Info, "\n");

        _logger.Entries.ShouldBeEmpty();
    }
}
