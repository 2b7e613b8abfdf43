using System.Text.Json;
using Ppd.Templates;
using Ppd.Training.Demo.Corpus;

namespace Ppd.Training.Demo.Exam;

/// <summary>Requests in phrasings that no lesson uses, each with the one right call among one to four tools.</summary>
static class ToolExam
{
    /// <summary>One question and the call that answers it.</summary>
    public sealed record Question(Conversation Conversation, string Request, string Tool, JsonElement Arguments)
    {
        /// <summary>Whether <paramref name="reply"/> is this call and nothing else.</summary>
        public bool IsAnsweredBy(string reply)
        {
            const string Open = "<tool_call>\n", Close = "\n</tool_call>";
            if (!reply.StartsWith(Open, StringComparison.Ordinal) || !reply.EndsWith(Close, StringComparison.Ordinal)) return false;
            try
            {
                var call = JsonDocument.Parse(reply[Open.Length..^Close.Length]).RootElement;
                return call.GetProperty("name").GetString() == Tool && JsonElement.DeepEquals(call.GetProperty("arguments"), Arguments);
            }
            catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException)
            {
                return false;
            }
        }
    }

    /// <summary>Two requests in one message, the first of them answered: the right call is the second.</summary>
    /// <param name="count">How many.</param>
    /// <param name="seed">Chooses them.</param>
    public static IEnumerable<Question> SecondRequests(int count, int seed)
    {
        var random = new Random(seed);
        while (count > 0)
        {
            var tools = ToolTalk.Offer(random, usual: true);
            if (tools.Length < 2) continue;
            count--;
            random.Shuffle(tools);
            var (first, second) = (tools[0], tools[1]);
            var (firstValues, values) = (first.Family.Draw(random), second.Family.Draw(random));
            var request = ToolTalk.Together(first.Family.Requests.Exam(random, ToolTalk.Slots(firstValues)), second.Family.Requests.Exam(random, ToolTalk.Slots(values)), random);
            List<TemplateMessage> messages = [new("user", char.ToUpperInvariant(request[0]) + request[1..])];
            ToolTalk.AddCall(messages, first, firstValues, first.Family.Run(random, firstValues).Result);
            yield return new Question(new Conversation(messages, [.. tools.Select(t => t.Declaration())]), request, second.Name, second.Arguments(values));
        }
    }

    /// <param name="count">How many.</param>
    /// <param name="seed">Chooses them.</param>
    /// <param name="usual">Whether the tools have their usual names, or any.</param>
    public static IEnumerable<Question> Questions(int count, int seed, bool usual)
    {
        var random = new Random(seed);
        for (; count > 0; count--)
        {
            var tools = ToolTalk.Offer(random, usual);
            var tool = random.Pick(tools);
            var values = tool.Family.Draw(random);
            var request = tool.Family.Requests.Exam(random, ToolTalk.Slots(values));
            request = char.ToUpperInvariant(request[0]) + request[1..];
            List<TemplateMessage> messages = random.Chance(0.5) ? [new("system", SystemPrompts.Make(random))] : [];
            messages.Add(new("user", request));
            yield return new Question(new Conversation(messages, [.. tools.Select(t => t.Declaration())]), request, tool.Name, tool.Arguments(values));
        }
    }
}
