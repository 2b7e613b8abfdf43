using Ppd.Training.Commands;

namespace Ppd.Training.Tests.Commands;

public sealed class PromptTokensCommandTests
{
    [Theory]
    [InlineData("--learning-rate", "0,01")]
    [InlineData("--learning-rate", "0")]
    [InlineData("--minutes", "-1")]
    [InlineData("--minutes", "soon")]
    public void Number_that_cannot_be_meant_is_refused_by_name(string option, string value) =>
        PromptTokensCommand.Create(new Terminal()).Parse(["model.gguf", option, value]).Errors.ShouldHaveSingleItem().Message.ShouldContain($"{option} is {value}");

    [Fact]
    public void Number_with_a_point_is_read() =>
        PromptTokensCommand.Create(new Terminal()).Parse(["model.gguf", "--learning-rate", "0.02"]).Errors.ShouldBeEmpty();
}
