using System.Text.Json;
using Ppd.Templates;
using Ppd.Training.Demo.Corpus;

namespace Ppd.Training.Demo.Exam;

/// <summary>Requests in phrasings that no lesson uses, each with the one right call among one to four tools.</summary>
static class ToolExam
{
    /// <summary>One question and the call that answers it.</summary>
    public sealed record Question(Conversation Conversation, string Tool, JsonElement Arguments)
    {
        public string Request => Conversation.Messages[^1].Content!;

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
            yield return new Question(new Conversation(messages, [.. tools.Select(t => t.Declaration())]), tool.Name, tool.Arguments(values));
        }
    }
}
