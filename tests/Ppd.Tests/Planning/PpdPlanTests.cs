namespace Ppd.Tests.Planning;

public sealed class PpdPlanTests
{
    [Theory]
    [InlineData("auto")]
    [InlineData("off")]
    [InlineData("chain8")]
    [InlineData("tree64")]
    [InlineData("static32")]
    public void Name_is_read_and_written_the_same(string name)
    {
        PpdPlan.Parse(name).ToString().ShouldBe(name);
        PpdPlan.Parse(name.ToUpperInvariant()).ShouldBe(PpdPlan.Parse(name));
    }

    [Theory]
    [InlineData("")]
    [InlineData("tree")]
    [InlineData("tree0")]
    [InlineData("tree65")]
    [InlineData("tree-4")]
    [InlineData("chain 8")]
    [InlineData("auto4")]
    [InlineData("forest9")]
    public void Anything_else_is_refused_with_what_is_allowed(string name) =>
        Should.Throw<FormatException>(() => PpdPlan.Parse(name)).Message.ShouldContain("treeN");

    [Fact]
    public void Sizes_out_of_range_are_refused()
    {
        Should.Throw<ArgumentOutOfRangeException>(() => PpdPlan.Tree(0));
        Should.Throw<ArgumentOutOfRangeException>(() => PpdPlan.Chain(65));
        PpdPlan.Static(64).Rows.ShouldBe(64);
        default(PpdPlan).ShouldBe(PpdPlan.Auto);
    }
}
