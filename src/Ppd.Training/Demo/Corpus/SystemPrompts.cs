namespace Ppd.Training.Demo.Corpus;

static class SystemPrompts
{
    static readonly string[] Patterns =
    [
        "You are [a|an] [helpful|friendly|polite|kind|smart|careful] [assistant|AI assistant|helper|chat bot|agent].[| Answer briefly.| Be brief.| Use the tools.| Answer in one sentence.| Help the user.]",
        $"You are [Finch|an assistant|the assistant of the shop {Catalogue.Shop}|a shop assistant|a home assistant|a travel assistant].[| Be polite.| Be brief.| Answer the questions of the customers.]",
        "[Answer|Reply] [briefly|in one sentence|politely|in a friendly way|in few words].", "Help the user[ with the tools|].", "[Be brief|Be polite|Be friendly].", "You are a helpful AI assistant that answers questions and calls functions.",
        "You [help|assist|serve] [people|users|customers|guests] with [their questions|their home|the shop|the weather and the time|everything they need].", "Use the tools when they help[, otherwise answer yourself|].",
    ];

    public static string Make(Random random) => Phrases.Fill(random.Pick(Patterns), random);
}
