using Shouldly;
using Xunit;

namespace Ppd.Examples.Tests;

/// <summary>Each example that ends by itself, on the model that comes along: what it prints is what it is there to show.</summary>
public sealed class ExampleTests
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Chat_answers_every_line_and_says_what_it_took()
    {
        var lines = await ExampleProgram.Run("01-chat", "Hello!\nWhat does the lamp cost?\n", Cancel);
        lines.Count(line => line.StartsWith('[') && line.Contains(" tokens in ", StringComparison.Ordinal)).ShouldBe(2);
        lines.ShouldContain(line => line.StartsWith("The lamp costs ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Worker_answers_all_questions_and_the_model_is_healthy()
    {
        var lines = await ExampleProgram.Run("02-worker", "", Cancel);
        foreach (var product in new[] { "lamp", "kettle", "clock", "vase", "desk" })
        {
            lines.ShouldContain(line => line.StartsWith($"{product}: What does the {product} cost? -> The {product} costs ", StringComparison.Ordinal));
            lines.ShouldContain(line => line.StartsWith($"{product}: Which colour does the {product} have? -> The {product} is ", StringComparison.Ordinal));
        }
        lines.Count(line => line.StartsWith("fox: ", StringComparison.Ordinal)).ShouldBe(2);
        lines.ShouldContain("The model is Healthy: 'ppd-demo' is ready.");
    }

    [Fact]
    public async Task Agent_calls_the_right_functions_and_answers_with_their_results()
    {
        var lines = await ExampleProgram.Run("03-agent", "", Cancel);
        Answer("> How much is the lamp?", "get_price(product: lamp) = 39 euros").ShouldContain("39 euros");
        Answer("> Is the kettle in stock?", "get_stock(product: kettle) = 0 pieces").ShouldContain("sold out");
        Answer("> Set a timer for 5 minutes.", "set_timer(minutes: 5) = Timer set for 5 minutes.").ShouldContain("5 minutes");
        Answer("> What is the price of the sofa? Set a timer for 20 minutes.", "get_price(product: sofa) = 95 euros", "set_timer(minutes: 20) = Timer set for 20 minutes.").ShouldContain("95 euros");

        string Answer(string request, params string[] calls)
        {
            var at = Array.IndexOf(lines, request);
            lines[(at + 1)..(at + 1 + calls.Length)].ShouldBe(calls, request);
            return lines[at + 1 + calls.Length];
        }
    }

    [Fact]
    public async Task Extraction_reads_every_order_right()
    {
        var lines = await ExampleProgram.Run("04-extraction", "", Cancel);
        lines.Where(line => !line.StartsWith('[')).ShouldBe(
        [
            "Anna from London wants 3 lamps. -> Order { Customer = Anna, City = London, Product = lamp, Quantity = 3 }",
            "Please send 12 mugs to Peter in Rome. -> Order { Customer = Peter, City = Rome, Product = mug, Quantity = 12 }",
            "I am Maria from Paris. I need 1 sofa. -> Order { Customer = Maria, City = Paris, Product = sofa, Quantity = 1 }",
        ]);
    }

    [Fact]
    public async Task Chat_client_calls_its_function_and_answers_all_prompts()
    {
        var lines = await ExampleProgram.Run("06-extensions-ai", "", Cancel);
        Answer("> Hello!").ShouldNotBeEmpty();
        Answer("> What is the weather in Paris?").ShouldContain("14 degrees");
        Answer("> What is the weather in Paris?").ShouldContain("rainy");
        Answer("> What colour is the vase?").ShouldStartWith("The vase is ");
        lines.Count(line => line.StartsWith('[') && line.Contains(" tokens in ", StringComparison.Ordinal)).ShouldBe(3);

        string Answer(string prompt) => lines[Array.IndexOf(lines, prompt) + 1];
    }
}
