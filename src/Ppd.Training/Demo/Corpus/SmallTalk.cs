namespace Ppd.Training.Demo.Corpus;

/// <summary>Greetings, thanks, questions about the assistant itself, names, and questions outside its world, which it declines.</summary>
static class SmallTalk
{
    const string Name = "Finch";

    static readonly (Phrases Says, string[] Replies)[] Topics =
    [
        (new("Hello[!|.|]", "Hi[!|.| there|]", "Good [morning|evening|day|afternoon][!|.|]", "Hey[!|]", "Hello there[!|]", "Hi, how are you?", "Greetings[!|]", "Hey there[!|.|]"),
            ["Hello! How can I help you?", "Hi! What can I do for you?"]),
        (new("How are you[ today| doing|]?", "How do you do?", "How is it going?", "Are you well?", "How do you feel[ today|]?", "What's up?", "Are you [fine|okay]?", "How's it going?"), ["I am fine, thank you. How can I help you?"]),
        (new("Thanks[!|.|]", "Thank you[ very much|][!|.|]", "Great, thanks[!|.]", "That helps, thank you.", "Thanks a lot[!|.|]", "Perfect, thank you.", "Many thanks[!|.]", "Thank you for your help[.|!]"), ["You are welcome!", "You are welcome. Anything else?"]),
        (new("Bye[!|.|]", "Goodbye[!|.|]", "See you[ later|][!|.|]", "Good night[!|.|]", "I have to go.", "That is all[, thanks|].", "Bye bye[!|.|]", "See you soon[!|.|]"), ["Goodbye!", "Goodbye, and have a nice day!"]),
        (new("Who are you?", "What is your name?", "What are you?", "What's your name?", "Tell me your name.", "Are you a robot?", "Introduce yourself[, please|].", "Do you have a name?"),
            [$"I am {Name}, a very small language model made for demonstrations."]),
        (new("What can you do?", "How can you help me?", "What do you know?", "Help[!|.|]", "What are you good at?", "Can you help me?", "What can I ask you?", "What are your skills?"),
            [$"I can talk about the shop {Catalogue.Shop}, do small sums, tell short stories and use tools."]),
        (new("Tell me a joke.", "Do you know a joke?", "Make me laugh.", "A joke, please.", "Can you tell a joke?", "Say something funny.", "Tell a joke.", "Got a joke?"),
            ["Why did the clock go to school? It wanted more time.", "What does a lamp say to a candle? You are bright tonight.", "Why was the table so calm? It had four legs to stand on."]),
        (new("You are [great|nice|funny|clever][!|.|]", "I like you[!|.|]", "Well done[!|.]", "Good answer[!|.]", "Nice[!|.|]", "Very good[!|.]", "That is [nice|great|good][!|.]", "Good work[!|.]"), ["Thank you, that is kind."]),
        (new("Yes[.|!|]", "No[.|!|]", "Okay[.|!|]", "Maybe[.|]", "Ok[.|]", "Sure[.|]", "I see[.|]", "All right[.|]"), ["All right. What can I do for you?"]),
    ];

    static readonly Phrases NameIs = new("My name is {name}.", "I am {name}.", "I'm {name}.", "Hello, I am {name}.", "Hi, my name is {name}.", "Call me {name}[, please|].", "You can call me {name}.", "They call me {name}.");

    static readonly Phrases NameWas = new("What is my name?", "What's my name?", "Do you know my name?", "Who am I?", "Tell me my name.", "What am I called?", "Do you remember my name?", "Can you say my name?");

    static readonly Phrases Outside = new(
        "Tell me about {topic}.", "What do you know about {topic}?", "Explain {topic}[ to me|].", "I have a question about {topic}.", "What do you think of {topic}?", "Can you explain {topic}?", "Give me [some |]advice about {topic}.",
        "Do you know something about {topic}?", "Write an essay about {topic}.", "Who knows more about {topic}?", "Why is {topic} important?", "How does {topic} work?", "What is {topic}?", "What is new in {topic}?", "I want to learn about {topic}.",
        "Help me with {topic}.", "[Who|What] is the [best|most important] in {topic}?", "When did {topic} begin?", "Can you teach me {topic}?", "Write something about {topic}.", "Is {topic} difficult?", "Are you good at {topic}?",
        "Which book about {topic} is good?", "What should I know about {topic}?");

    static readonly Phrases Facts = new(
        "What is the capital of [France|Spain|Italy|Japan|Egypt|Peru|{topic}]?", "Who [wrote|invented|discovered|painted|built] {topic}?", "How far is it [to|from] {topic}?", "[Translate|Say] \"{topic}\" in[to|] [French|German|Spanish|Italian].",
        "Write [code|a program|a function] [for|about] {topic}.", "Who is the [president|king|queen|inventor] of {topic}?", "When was {topic} [born|built|invented|found]?", "How [old|big|tall|heavy|deep|fast] is {topic}?",
        "Where is {topic}?", "Which [animal|country|river|planet] is the [largest|oldest|longest]?", "How many [people|islands|bones|stars] are there in {topic}?", "Summarise [this text|the book|the meeting] about {topic}.",
        "Why is the [sky blue|sea salty|grass green|moon round]?", "Who won the [match|war|cup|election]?", "What happened in [1492|1789|1914|1969|2001]?", "Can you [drive|sing|dance|fly|see|paint] for {topic}?");

    static readonly string[] Ignorance = ["Sorry, I do not know that. I am a very small model.", "That is more than a very small model like me knows."];

    static readonly string[] Refusals = ["I am a very small model and know nothing about {topic}.", "Sorry, {topic} is outside of what I know."];

    public static void Add(Turns turns, Random random)
    {
        switch (random.Next(10))
        {
            case 0:
                var name = random.Chance(0.3) ? Words.NewName(random) : random.Pick(Words.People);
                turns.User(NameIs.Lesson(random, ("name", name)), random);
                turns.Assistant($"Nice to meet you, {name}!");
                if (random.Chance(0.3)) AddPlain(turns, random);
                turns.User(NameWas.Lesson(random), random);
                turns.Assistant($"Your name is {name}.");
                break;
            case 1 or 2 or 3:
                AddOutside(turns, random);
                break;
            default:
                AddPlain(turns, random);
                break;
        }
    }

    static void AddOutside(Turns turns, Random random)
    {
        (string, string) topic = ("topic", random.Chance(0.1) ? Words.NewName(random) : random.Pick(Words.OtherTopics));
        if (random.Chance(0.4))
        {
            turns.User(Facts.Lesson(random, topic), random);
            turns.Assistant(random.Pick(Ignorance));
            return;
        }
        turns.User(Outside.Lesson(random, topic), random);
        turns.Assistant(Phrases.Fill(random.Pick(Refusals), random, topic));
    }

    static void AddPlain(Turns turns, Random random)
    {
        var (says, replies) = random.Pick(Topics);
        turns.User(says.Lesson(random), random);
        turns.Assistant(random.Pick(replies));
    }
}
