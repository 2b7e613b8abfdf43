namespace Ppd.Training.Data;

/// <summary>First messages of the conversations that a chat model is asked to write: the kinds of things people ask.</summary>
static class SeedPrompts
{
    public static IReadOnlyList<string> All { get; } =
    [
        "Hello! How are you today?",
        "Tell me a short story about a lighthouse.",
        "What is the difference between weather and climate?",
        "Write a Python function that counts the words in a file.",
        "Give me five ideas for a quick dinner.",
        "Explain how a bicycle stays upright.",
        "I had a bad day at work.",
        "Summarise what a central bank does in three sentences.",
        "Translate into French: Where is the nearest station?",
        "What should I pack for a weekend in the mountains?",
        "Write an e-mail that moves a meeting to Thursday.",
        "A train leaves at 9:40 and arrives at 13:05. How long does it take?",
        "List the planets from the Sun outwards as JSON.",
        "Why is the sky blue?",
        "Who was Ada Lovelace?",
        "Help me plan a birthday party for a six-year-old.",
        "What does the SQL keyword HAVING do? Show an example.",
        "Can you recommend a book for a long flight?",
        "Write a poem about autumn rain.",
        "How do I remove a coffee stain from a white shirt?",
        "Compare electric and petrol cars in a table.",
        "What is 17 times 23? Show your steps.",
        "My houseplant has yellow leaves. What could be wrong?",
        "Explain recursion to a ten-year-old.",
        "Write a C# class that represents a bank account.",
        "What happened in 1969?",
        "Give me feedback on this sentence: Me and him went to the store.",
        "How many litres are in five gallons?",
        "Describe the taste of a ripe mango.",
        "What are good questions to ask at a job interview?",
        "Turn these into bullet points: we need paint, two brushes, tape and a ladder.",
        "Is it safe to leave a laptop plugged in all the time?",
    ];
}
