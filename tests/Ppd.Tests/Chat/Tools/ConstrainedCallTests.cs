using System.Text;
using Microsoft.Extensions.AI;
using Ppd.Chat;
using Ppd.Decoding;
using Ppd.Native;
using Ppd.Tests.Decoding;
using Ppd.Tests.Grammars;

namespace Ppd.Tests.Chat.Tools;

/// <summary>A model of random weights writes nonsense; where a call is required, every reply is a call that satisfies its schema, with drafts and without.</summary>
public sealed class ConstrainedCallTests
{
    const int Runs = 96;
    const int MostTokens = 490;

    // short enough for the context of the model, which writes byte by byte
    static readonly AIFunctionDeclaration Book = Reply.Function("Book", "Books a room.", """
        {"type": "object", "properties": {
         "city": {"type": "string", "maxLength": 6}, "nights": {"type": "integer", "minimum": 1, "maximum": 30}, "kind": {"enum": ["single", "double", "7"]}, "code": {"type": "string", "pattern": "^[A-Z]{2}[0-9]{1,3}'?$"},
         "guest": {"type": "object", "properties": {"name": {"type": "string", "minLength": 1, "maxLength": 3}, "vip": {"type": "boolean"}}, "required": ["name"]}, "beds": {"type": "array", "items": {"enum": ["big", "small"]}, "maxItems": 2}},
         "required": ["city", "nights", "guest"]}
        """);

    static readonly SamplingSettings[] Samplers = [new(Temperature: 1), new(Temperature: 1, TopK: 0, TopP: 1, MinP: 0), new(Temperature: 1, RepeatPenalty: 1.2f), SamplingSettings.Greedy];

    [Fact]
    public async Task Required_calls_satisfy_their_schemas_and_are_the_same_whether_drafts_are_on_or_off()
    {
        using var harness = new EngineHarness("random", cache: GgmlType.F32);
        var prompts = CallGrammarTests.Templates.Select(template =>
        {
            var options = new ChatOptions { Tools = [Book, Reply.Clock], ToolMode = ChatToolMode.RequireSpecific(Book.Name), AllowMultipleToolCalls = false };
            var prompt = Reply.Prompt(template, options);
            // thoughts of a model without sense have no end
            return (Prompt: prompt, Constraint: ReplyGrammar.Of(prompt with { Layout = WithoutThoughts(prompt) }, null, CallGrammarTests.Never)!);
        }).ToArray();
        var (tokens, proposed, accepted, ties) = (0, 0, 0, 0);
        List<string> wrong = [];
        for (var run = 0; run < Runs; run++)
        {
            var (prompt, constraint) = prompts[run % prompts.Length];
            var sampling = Samplers[run / prompts.Length % Samplers.Length] with { Grammar = constraint, Seed = (uint)run };
            int[] ids = [.. Enumerable.Range(300 + run, 8)];
            var plain = await harness.Run(ids, sampling, MostTokens);
            var drafted = await harness.Run(ids, sampling, MostTokens, draftTokens: 8, new ConstrainedGenerationTests.NGramAndGrammar(harness.Model.Vocabulary, constraint));
            plain.Result.Reason.ShouldBe(StopReason.Stop);
            CallGrammarTests.CheckReply(prompt, Text(harness.Model.Vocabulary, plain.Tokens), $"run {run}");
            var common = plain.Tokens.Zip(drafted.Tokens).TakeWhile(pair => pair.First == pair.Second).Count();
            if (common < Math.Max(plain.Tokens.Count, drafted.Tokens.Count))
            {
                if (NearTie.Excuses(harness.Model, GgmlType.F32, ids, sampling, plain.Tokens, drafted.Tokens, common)) ties++;
                else wrong.Add($"run {run}: {Text(harness.Model.Vocabulary, plain.Tokens)} is another one with drafts: {Text(harness.Model.Vocabulary, drafted.Tokens)}");
            }
            tokens += plain.Tokens.Count;
            proposed += drafted.Result.Statistics.ProposedTokens;
            accepted += drafted.Result.Statistics.AcceptedTokens;
        }
        wrong.ShouldBeEmpty();
        ties.ShouldBeLessThan(Runs / 10);
        accepted.ShouldBeGreaterThan(200);
        proposed.ShouldBeGreaterThan(accepted);
        TestContext.Current.TestOutputHelper!.WriteLine($"{Runs} calls in {prompts.Length} formats, {tokens} tokens; {accepted} of {proposed} drafts accepted, {ties} parted at near-ties");
    }

    static ReplyLayout WithoutThoughts(ChatPrompt prompt) => prompt.Layout with { Reasoning = null };

    static string Text(LlamaVocabulary vocabulary, IEnumerable<int> tokens) => Encoding.UTF8.GetString([.. tokens.SelectMany(token => vocabulary.Piece(token).ToArray())]);
}
