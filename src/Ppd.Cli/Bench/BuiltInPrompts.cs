namespace Ppd.Cli.Bench;

/// <summary>Questions in the narrow world of the model that comes with the repository; see its card.</summary>
static class BuiltInPrompts
{
    static readonly string[] Questions =
    [
        "Hello, who are you?",
        "What can you do?",
        "What do you sell?",
        "How much is the teapot?",
        "Is the sofa in stock?",
        "Tell me about the blanket.",
        "Give me the clock as JSON.",
        "Name five animals.",
        "Count from 1 to 12, please.",
        "What is 7 plus 8?",
        "Tell me a short story about a fox.",
        "I want a long story about an owl, please.",
    ];

    public static List<BenchPrompt> All => [.. Questions.Select((question, index) => new BenchPrompt(index + 1, question))];
}
