using Ppd.Native;
using Ppd.Training.Demo.Corpus;

namespace Ppd.Training.Demo.Exam;

/// <summary>Examines a finished demo model: tool requests it must get exactly right, and a few answers to read.</summary>
static class DemoExam
{
    const int ToolQuestions = 100;
    const int MoreQuestions = 50;   // of each other kind
    const int Samples = 30;
    const int Seed = 20_000;    // no training uses it

    /// <summary>Prints the findings.</summary>
    /// <returns>Share of tool requests answered by exactly the right call.</returns>
    public static double Run(string modelPath, TextWriter output)
    {
        using (var file = GgufFile.Open(modelPath)) GgufModelCheck.Check(file);
        using var model = LlamaModel.Load(LlamaLibrary.Load(null, null), modelPath, gpuLayers: 0, null, default);
        using var reader = new GreedyReader(model, threads: 1);
        var ended = 0;
        int Right(IEnumerable<ToolExam.Question> questions)
        {
            var right = 0;
            foreach (var question in questions)
            {
                var answer = reader.Answer(question.Conversation);
                if (answer.EndedItself) ended++;
                if (question.IsAnsweredBy(answer.Text)) right++;
                else output.WriteLine($"wrong: {question.Request} → {OneLine(answer.Text)}; right: {question.Tool} {question.Arguments}");
            }
            return right;
        }
        var (usual, renamed) = (Right(ToolExam.Questions(ToolQuestions, Seed, usual: true)), Right(ToolExam.Questions(ToolQuestions, Seed, usual: false)));
        var second = Right(ToolExam.SecondRequests(MoreQuestions, Seed));
        var orders = 0;
        var random = new Random(Seed);
        for (var i = 0; i < MoreQuestions; i++)
        {
            var (request, order) = OrderTalk.Exam(random);
            var answer = reader.Answer(new Conversation([new("user", request)], []));
            if (answer.EndedItself) ended++;
            if (answer.Text == order) orders++;
            else output.WriteLine($"wrong: {request} → {OneLine(answer.Text)}; right: {order}");
        }
        foreach (var conversation in TalkExam.Conversations(Samples, Seed))
        {
            var answer = reader.Answer(conversation);
            if (answer.EndedItself) ended++;
            output.WriteLine($"{conversation.Messages[^1].Role}: {OneLine(conversation.Messages[^1].Content!)}\n  → {OneLine(answer.Text)}");
        }
        output.WriteLine($"{usual} of {ToolQuestions} tool requests in new phrasings: exactly the right call; {renamed} with tools under other names");
        output.WriteLine($"{second} of {MoreQuestions} second requests of a message: exactly the right call");
        output.WriteLine($"{orders} of {MoreQuestions} orders in new phrasings: exactly the right JSON");
        output.WriteLine($"{ended} of {(2 * ToolQuestions) + (2 * MoreQuestions) + Samples} replies ended by themselves");
        return usual / (double)ToolQuestions;
    }

    static string OneLine(string text) => text.ReplaceLineEndings(" ⏎ ");
}
