using Ppd.Testing;
using Ppd.Training.Data;

namespace Ppd.Training.Tests.Data;

public sealed class TokenTextFileTests
{
    static readonly TokenText Text = new([[1, 2, 3], [4]], [new Continuation([5, 6, 7], 2)], "a test");

    [Fact]
    public void Text_survives_the_file()
    {
        using var folder = new TemporaryFolder();
        TokenTextFile.Write(folder["text"], "key", Text);
        var read = TokenTextFile.TryRead(folder["text"], "key").ShouldNotBeNull();
        read.Training.ShouldBe(Text.Training);
        read.HeldOut.ShouldHaveSingleItem().Tokens.ShouldBe([5, 6, 7]);
        read.HeldOut[0].Start.ShouldBe(2);
        read.Source.ShouldBe("a test");
    }

    [Fact]
    public void Text_made_for_something_else_is_not_used()
    {
        using var folder = new TemporaryFolder();
        TokenTextFile.Write(folder["text"], "key", Text);
        TokenTextFile.TryRead(folder["text"], "other key").ShouldBeNull();
        TokenTextFile.TryRead(folder["nothing"], "key").ShouldBeNull();
    }
}
