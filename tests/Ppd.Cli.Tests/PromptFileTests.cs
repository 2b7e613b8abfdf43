using Microsoft.Extensions.AI;
using Ppd.Cli.Bench;
using Ppd.Testing;

namespace Ppd.Cli.Tests;

public sealed class PromptFileTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    [Fact]
    public void Text_has_one_prompt_a_line() =>
        Read("a.txt", "First one?\r\n\r\n  Second one?  \n").Select(prompt => prompt.Text).ShouldBe(["First one?", "Second one?"]);

    [Fact]
    public void Text_with_separators_has_prompts_of_several_lines() =>
        Read("a.txt", "First\none?\n<|endoftext|>\nSecond one?<|endoftext|>").Select(prompt => prompt.Text).ShouldBe(["First\none?", "Second one?"]);

    [Fact]
    public void Text_that_looks_like_json_stays_text() =>
        Read("a.txt", "{\"prompt\": \"no\"}").ShouldHaveSingleItem().Text.ShouldBe("{\"prompt\": \"no\"}");

    [Theory]
    [InlineData("""{"prompt": "Complete this"}""", "user: Complete this")]
    [InlineData("""{"turns": ["Write it.", "Now rewrite it."]}""", "user: Write it.")]
    [InlineData("""{"question": "How many?", "answer": "2"}""", "user: How many?")]
    [InlineData("""{"question": [[{"role": "user", "content": "Call it."}], [{"role": "user", "content": "Again."}]]}""", "user: Call it.")]
    [InlineData("""{"messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Hi"}]}""", "system: Be brief.|user: Hi")]
    [InlineData("""{"messages": [{"role": "user", "content": "A"}, {"role": "assistant", "content": "B"}, {"role": "user", "content": "C"}, {"role": "assistant", "content": "D"}]}""",
        "user: A|assistant: B|user: C")]
    public void Json_object_is_read_by_its_field(string json, string expected)
    {
        Messages(Read("a.jsonl", $"\n{json}\n").ShouldHaveSingleItem()).ShouldBe(expected);
        Messages(Read("lines.json", json).ShouldHaveSingleItem()).ShouldBe(expected);
        Messages(Read("array.json", $"[{json}]").ShouldHaveSingleItem()).ShouldBe(expected);
    }

    [Fact]
    public void Prompts_are_numbered_by_their_place()
    {
        Read("a.jsonl", "{\"prompt\": \"x\"}\n\n{\"prompt\": \"y\"}").Select(prompt => prompt.Label).ShouldBe(["1: x", "3: y"]);
        Read("a.txt", "x\n\ny").Select(prompt => prompt.Label).ShouldBe(["1: x", "2: y"]);
    }

    [Theory]
    [InlineData("a.jsonl", "{\"prompt\": \"x\"}\n\n{\"prompt\": ", "line 3 is not JSON")]
    [InlineData("a.json", "[{\"prompt\": \"x\"}, {\"answer\": 1}]", "element 2 has none of the fields")]
    [InlineData("a.json", "[{\"prompt\": \"x\"},", "is not JSON")]
    [InlineData("a.jsonl", "\"text\"", "line 1 is \"text\"; expected is an object")]
    [InlineData("a.jsonl", "{\"prompt\": 7}", "line 1, prompt is 7; expected is a text")]
    [InlineData("a.jsonl", "{\"prompt\": \" \"}", "line 1, prompt")]
    [InlineData("a.jsonl", "{\"turns\": []}", "line 1, turns is []")]
    [InlineData("a.jsonl", "{\"messages\": [{\"role\": \"judge\", \"content\": \"x\"}]}", "has the role \"judge\"; allowed are")]
    [InlineData("a.jsonl", "{\"messages\": [{\"role\": \"assistant\", \"content\": \"x\"}]}", "nothing to reply to")]
    [InlineData("a.jsonl", "\n", "has no prompts")]
    [InlineData("a.json", "[]", "has no prompts")]
    [InlineData("a.txt", " \n", "has no prompts")]
    public void What_is_no_prompt_is_refused_with_its_place(string file, string text, string expected)
    {
        var error = Should.Throw<PromptFileException>(() => Read(file, text));
        error.Message.ShouldContain(expected);
        error.Message.ShouldContain(file);
    }

    [Fact]
    public void Missing_file_is_refused() => Should.Throw<FileNotFoundException>(() => PromptFile.Read(_folder["absent.jsonl"])).Message.ShouldContain("absent.jsonl");

    public void Dispose() => _folder.Dispose();

    List<BenchPrompt> Read(string file, string text)
    {
        File.WriteAllText(_folder[file], text);
        return PromptFile.Read(_folder[file]);
    }

    static string Messages(BenchPrompt prompt) => string.Join('|', prompt.Messages.Select((ChatMessage message) => $"{message.Role}: {message.Text}"));
}
