namespace Ppd.Training.Demo.Corpus;

/// <summary>An endless, deterministic supply of conversations: number <c>n</c> of a seed is always the same.</summary>
sealed class Lessons(int seed)
{
    // Reading the names that are offered is hard for a small model; most lessons have the usual ones, so that it can be relied on for these.
    const double UsualShare = 0.8;

    /// <param name="number">Which.</param>
    /// <param name="copyShare">Share of exercises in copying.</param>
    public Conversation Make(int number, double copyShare)
    {
        var random = Start(Scatter(number));
        return random.Chance(copyShare) ? CopyTalk.Make(random) : Topical(random, UsualShare);
    }

    /// <summary>Never an exercise in copying: about what the model is for. The vocabulary is learned from these, with tools under all kinds of names.</summary>
    public Conversation Topical(int number) => Topical(Start(number), usualShare: 0);

    static Conversation Topical(Random random, double usualShare) => random.Chance(0.6) ? ToolTalk.Make(random, usualShare) : Talk(random);

    Random Start(int number) => new(unchecked(seed * 1_000_003 + number));

    // Numbers that follow each other give random numbers that begin alike.
    static int Scatter(int number)
    {
        var bits = (uint)number;
        bits = (bits ^ (bits >> 16)) * 0x7feb352d;
        bits = (bits ^ (bits >> 15)) * 0x846ca68b;
        return (int)(bits ^ (bits >> 16));
    }

    static Conversation Talk(Random random)
    {
        var turns = new Turns();
        if (random.Chance(0.4)) turns.System(SystemPrompts.Make(random));
        for (var exchanges = random.Next(1, 6); exchanges > 0; exchanges--)
        {
            switch (random.Next(12))
            {
                case 10 or 11: OrderTalk.Add(turns, random); break;
                case 0 or 1 or 2: CatalogueTalk.Add(turns, random); break;
                case 3 or 4: NumberTalk.Add(turns, random); break;
                case 5 or 6: StoryTalk.Add(turns, random); break;
                case 7: MissingTool(turns, random); break;
                default: SmallTalk.Add(turns, random); break;
            }
        }
        return new Conversation(turns.Messages, []);
    }

    static void MissingTool(Turns turns, Random random)
    {
        var family = random.Pick([.. ToolTalk.Families.Where(family => family.Without is not null)]);
        turns.User(family.Requests.Lesson(random, ToolTalk.Slots(family.Draw(random))), random);
        turns.Assistant(random.Pick(family.Without!));
    }
}
