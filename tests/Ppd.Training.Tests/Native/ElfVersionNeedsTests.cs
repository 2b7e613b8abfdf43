using Ppd.Training.Native;

namespace Ppd.Training.Tests.Native;

public sealed class ElfVersionNeedsTests
{
    const string Unused = "GLIBCXX_3.4.32";     // what Debian 12 lacks

    static byte[] Library()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux loads ELF libraries.");
        return File.ReadAllBytes(Directory.EnumerateFiles(AppContext.BaseDirectory, "libLibTorchSharp.so", SearchOption.AllDirectories).First());
    }

    [Fact]
    public void The_version_that_old_systems_lack_is_demanded_of_the_C_plus_plus_library_but_not_used()
    {
        var needs = ElfVersionNeeds.Read(Library());
        var need = needs.Single(n => n.Name == Unused);
        need.Library.ShouldBe("libstdc++.so.6");
        need.Used.ShouldBeFalse();
        needs.Count(n => n.Used && n.Library == "libstdc++.so.6").ShouldBeGreaterThan(1);
    }

    [Fact]
    public void Making_a_demand_weak_changes_that_demand_only()
    {
        var file = Library();
        var before = ElfVersionNeeds.Read(file);
        var strong = before.First(n => !n.Weak);
        ElfVersionNeeds.MakeWeak(file, strong);
        ElfVersionNeeds.Read(file).ShouldBe(before.Select(n => n == strong ? n with { Weak = true } : n));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(40)]
    [InlineData(4000)]
    public void A_file_that_is_cut_or_no_library_is_refused(int length)
    {
        var file = Library()[..length];
        Should.Throw<BadImageFormatException>(() => ElfVersionNeeds.Read(file));
    }
}
