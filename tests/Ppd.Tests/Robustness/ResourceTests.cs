using Ppd.Tests.Decoding;

namespace Ppd.Tests.Robustness;

/// <summary>200 loads and 2,000 requests leave nothing behind.</summary>
public sealed class ResourceTests
{
    // glibc and the managed heap keep what they once grew to; the smallest leak looked for, a context a load or 16 KiB a request, is more
    const long BytesTolerance = 24 << 20;
    // pool threads come and go; a leaked model has two threads of its own and one file
    const int ThreadTolerance = 20;
    const int FileTolerance = 8;

    [Theory]
    [InlineData("none", false, false)]
    [InlineData("models", true, false)]
    [InlineData("files", true, false)]
    [InlineData("memory", false, true)]
    public async Task Loads_and_requests_leave_nothing_behind_and_a_leak_is_seen(string leak, bool seenInLoads, bool seenInRequests)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Resources are read from /proc.");
        var (exitCode, lines, errors) = await ProbeProcess.Run("--resources", TestModels.RandomPath, leak);
        exitCode.ShouldBe(0, errors);
        lines.Count.ShouldBe(2);
        foreach (var line in lines) TestContext.Current.TestOutputHelper!.WriteLine($"{leak}: {line} (bytes, threads, files above the warm-up)");
        Grew(lines[0], "loads").ShouldBe(seenInLoads);
        Grew(lines[1], "requests").ShouldBe(seenInRequests);
    }

    static bool Grew(string line, string what)
    {
        var fields = line.Split(' ');
        fields[0].ShouldBe(what);
        return long.Parse(fields[1]) > BytesTolerance || int.Parse(fields[2]) > ThreadTolerance || int.Parse(fields[3]) > FileTolerance;
    }
}
