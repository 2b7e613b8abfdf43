using Ppd.Templates;
using Ppd.Training.Demo.Corpus;

namespace Ppd.Training.Demo.Exam;

/// <summary>Conversations of other seeds than the lessons', cut before one of the assistant's turns.</summary>
static class TalkExam
{
    public static IEnumerable<Conversation> Conversations(int count, int seed)
    {
        var lessons = new Lessons(unchecked(seed * 7919 + 13));
        for (var number = 0; number < count; number++)
        {
            var whole = lessons.Make(number, copyShare: 0.3);
            var random = new Random(number);
            int[] answers = [.. Enumerable.Range(1, whole.Messages.Count - 1).Where(i => whole.Messages[i].Role == "assistant")];
            IReadOnlyList<TemplateMessage> before = [.. whole.Messages.Take(random.Pick(answers))];
            yield return whole with { Messages = before };
        }
    }
}
