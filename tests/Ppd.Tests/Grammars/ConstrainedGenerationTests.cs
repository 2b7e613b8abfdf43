using System.Text;
using System.Text.Json;
using Ppd.Chat.Schemas;
using Ppd.Decoding;
using Ppd.Drafting;
using Ppd.Grammars;
using Ppd.Native;
using Ppd.Testing;
using Ppd.Tests.Chat.Schemas;
using Ppd.Tests.Decoding;

namespace Ppd.Tests.Grammars;

/// <summary>A model of random weights writes nonsense; under a grammar it writes valid nonsense, with drafts and without.</summary>
public sealed class ConstrainedGenerationTests
{
    const int Runs = 300;
    const int MostBytes = 220;      // longer texts would only take longer

    static readonly SamplingSettings[] Samplers =
    [
        new(Temperature: 1), new(Temperature: 1, TopK: 0, TopP: 1, MinP: 0), new(Temperature: 1, RepeatPenalty: 1.2f), new(Temperature: 1, TopK: 3), new(Temperature: 1, TopK: 20, FrequencyPenalty: -0.5f),
    ];

    [Fact]
    public async Task Replies_under_a_schema_satisfy_it_within_its_longest_text_whether_drafts_are_on_or_off()
    {
        using var harness = new EngineHarness("random", cache: GgmlType.F32);
        var bounded = SchemaCase.All.Select(@case => (Case: @case, Grammar: JsonSchemaGrammar.Compile(@case.Schema)))
            .Where(entry => LongestText.Bytes(entry.Grammar) is <= MostBytes).ToList();
        bounded.Count.ShouldBeGreaterThan(60);
        List<string> wrong = [];
        var (tokens, proposed, accepted, ties) = (0, 0, 0, 0);
        for (var run = 0; run < Runs; run++)
        {
            var (@case, grammar) = bounded[run % bounded.Count];
            var sampling = Samplers[run / 7 % Samplers.Length] with { Grammar = new GrammarConstraint(grammar), Seed = (uint)run };
            int[] prompt = [.. Enumerable.Range(300 + run % 100, 8)];
            var most = LongestText.Bytes(grammar)!.Value;
            var plain = await harness.Run(prompt, sampling, most + 1);
            var drafted = await harness.Run(prompt, sampling, most + 1, draftTokens: 8, new NGramAndGrammar(harness.Model.Vocabulary, sampling.Grammar));
            var text = Text(harness.Model.Vocabulary, plain.Tokens);
            var what = $"{@case.Name}, run {run}: {text}";
            if (plain.Result.Reason != StopReason.Stop) wrong.Add($"{what} has not ended");
            if (Problem(@case, text) is { } problem) wrong.Add($"{what} {problem}");
            if (plain.Tokens.Exists(token => token is RandomVocabulary.MessageStartId or RandomVocabulary.BeginId or RandomVocabulary.UnknownId)) wrong.Add($"{what} has control tokens");
            var common = plain.Tokens.Zip(drafted.Tokens).TakeWhile(pair => pair.First == pair.Second).Count();
            if (common < Math.Max(plain.Tokens.Count, drafted.Tokens.Count))
            {
                if (NearTie.Excuses(harness.Model, GgmlType.F32, prompt, sampling, plain.Tokens, drafted.Tokens, common)) ties++;
                else wrong.Add($"{what} is another one with drafts: {Text(harness.Model.Vocabulary, drafted.Tokens)}");
            }
            tokens += plain.Tokens.Count;
            proposed += drafted.Result.Statistics.ProposedTokens;
            accepted += drafted.Result.Statistics.AcceptedTokens;
        }
        wrong.ShouldBeEmpty();
        ties.ShouldBeLessThan(Runs / 20);
        tokens.ShouldBeGreaterThan(3000);
        accepted.ShouldBeGreaterThan(100);
        proposed.ShouldBeGreaterThan(accepted);
        TestContext.Current.TestOutputHelper!.WriteLine($"{bounded.Count} schemas, {Runs} replies, {tokens} tokens; {accepted} of {proposed} drafts accepted, {ties} parted at near-ties");
    }

    [Fact]
    public async Task What_a_schema_forces_is_accepted_by_a_model_that_knows_json()
    {
        using var model = LlamaModel.Load(LlamaLibrary.Load(null, null), PpdModelOptions.DefaultModelPath, gpuLayers: 0, null, TestContext.Current.CancellationToken);
        using var harness = new EngineHarness(model);
        using var schema = JsonDocument.Parse("""
            {"type": "object", "properties": {"name": {"type": "string", "maxLength": 30}, "price": {"type": "integer", "minimum": 0, "maximum": 9999},
             "colour": {"enum": ["red", "blue", "green", "yellow", "black", "white", "brown", "grey", "silver"]}, "stock": {"type": "integer", "minimum": 0, "maximum": 999}},
             "required": ["name", "price", "colour", "stock"]}
            """);
        var constraint = new GrammarConstraint(JsonSchemaGrammar.Compile(schema.RootElement));
        List<int> prompt = [];
        model.Vocabulary.Tokenize("<|im_start|>user\nGive me the sofa as JSON.<|im_end|>\n<|im_start|>assistant\n", parseSpecial: true, prompt);
        foreach (var temperature in new[] { 0, 0.8f })
        {
            var sampling = new SamplingSettings(Temperature: temperature, Seed: 1) { Grammar = constraint };
            var plain = await harness.Run([.. prompt], sampling, 120);
            var drafted = await harness.Run([.. prompt], sampling, 120, draftTokens: 12, new GrammarSource(model.Vocabulary, constraint));
            drafted.Tokens.ShouldBe(plain.Tokens);
            new SchemaValidator(schema.RootElement).IsValid(JsonDocument.Parse(Text(model.Vocabulary, plain.Tokens)).RootElement).ShouldBeTrue();
            var statistics = drafted.Result.Statistics;
            statistics.TokensPerStep.ShouldBeGreaterThan(1.5);
            ((double)statistics.AcceptedTokens / statistics.ProposedTokens).ShouldBeGreaterThan(0.4);
            TestContext.Current.TestOutputHelper!.WriteLine($"temperature {temperature}: {Text(model.Vocabulary, plain.Tokens)} {statistics}");
        }
    }

    [Fact]
    public async Task How_a_reply_must_begin_is_decoded_with_the_prompt()
    {
        using var harness = new EngineHarness("random", cache: GgmlType.F32);
        const string Beginning = "{\"name\": \"";
        var constraint = new GrammarConstraint(Grammar.Parse($"root ::= {Gbnf.Literal(Beginning)} [a-z]{{4}} \"!\""));
        foreach (var plan in new[] { PpdPlan.Tree(16), PpdPlan.Auto, PpdPlan.Chain(12) })
        {
            var sampling = new SamplingSettings(Temperature: 1, Seed: 2) { Grammar = constraint };
            int[] prompt = [.. Enumerable.Range(300 + (int)plan.Kind, 8)];      // not in the cache yet
            List<PpdStep> steps = [];
            var drafted = await harness.Run(prompt, sampling, 40, draftTokens: 15, new GrammarSource(harness.Model.Vocabulary, constraint), plan, steps.Add);
            drafted.Tokens.ShouldBe((await harness.Run(prompt, sampling, 40)).Tokens);
            steps[0].Guesses.Count.ShouldBeGreaterThan(3, $"{plan}");
            steps[0].Guesses.ShouldAllBe(guess => guess.Source == PpdGuessSource.Grammar);
            string.Concat(steps[0].Guesses.Select(guess => guess.Text)).ShouldBe(Beginning[..string.Concat(steps[0].Guesses.Select(guess => guess.Text)).Length]);
            steps[0].Accepted.ShouldBeGreaterThan(0);
        }
    }

    [Fact]
    public async Task Free_text_is_held_to_the_grammar_behind_every_marker_and_free_again_whether_drafts_are_on_or_off()
    {
        using var harness = new EngineHarness("random", cache: GgmlType.F32);
        // many tokens of this vocabulary have the letter somewhere and go on with others: those would break the grammar at once
        var rules = new RuleSet();
        var text = rules.Reserve("text");
        var free = new FreeText(rules, [("e", $"[0-9]{{3}} \"!\" {text}")], mayEnd: true, silent: true, text).Start;
        var constraint = new GrammarConstraint(Grammar.Parse(rules.Text(free), free: rules.Free));
        var (markers, lettersBehind, accepted) = (0, 0, 0);
        for (var run = 0; run < 40; run++)
        {
            var sampling = new SamplingSettings(Temperature: 1, TopK: run % 2 == 0 ? 40 : 0, Seed: (uint)run) { Grammar = constraint };
            int[] prompt = [.. Enumerable.Range(270 + run, 6)];
            var plain = await harness.Run(prompt, sampling, 120);
            var drafted = await harness.Run(prompt, sampling, 120, draftTokens: 8, new NGramAndGrammar(harness.Model.Vocabulary, constraint));
            drafted.Tokens.ShouldBe(plain.Tokens);
            accepted += drafted.Result.Statistics.AcceptedTokens;
            var parts = Text(harness.Model.Vocabulary, plain.Tokens).Split('e');
            markers += parts.Length - 1;
            foreach (var part in parts.Skip(1).SkipLast(1)) part.ShouldMatch("(?s)^[0-9]{3}!");
            lettersBehind += parts[1..].Count(part => part.Length > 4);
        }
        markers.ShouldBeGreaterThan(60);
        lettersBehind.ShouldBeGreaterThan(40);
        accepted.ShouldBeGreaterThan(20);
    }

    [Fact]
    public void Control_tokens_stand_in_free_text_and_nowhere_else()
    {
        var vocabulary = GrammarVocabulary.Of(TestModels.Load("random").Vocabulary);
        var machine = new GrammarConstraint(Grammar.Parse("root ::= \"[\" word \"]\"\nword ::= [a-z] word | \"\"", free: new HashSet<string> { "word" })).Machine(vocabulary);
        var position = machine.Start;
        machine.Fits(position, RandomVocabulary.MessageStartId).ShouldBeFalse();
        machine.TryAdvance(ref position, RandomVocabulary.FirstByteId + '[').ShouldBeTrue();
        var inside = position;
        machine.TryAdvance(ref position, RandomVocabulary.MessageStartId).ShouldBeTrue();
        position.ShouldBe(inside, "it is no text");
        machine.Permitted(position).ToArray().ShouldContain(RandomVocabulary.MessageStartId);
        machine.TryAdvance(ref position, RandomVocabulary.FirstByteId + ']').ShouldBeTrue();
        machine.Permitted(position).ToArray().ShouldBe(vocabulary.Ends.Order());
    }

    [Fact]
    public async Task A_grammar_that_the_vocabulary_cannot_write_ends_the_request_and_not_the_process()
    {
        using var harness = new EngineHarness("random", cache: GgmlType.F32);
        // a half of a surrogate pair is in no text
        var sampling = new SamplingSettings { Grammar = new GrammarConstraint(Grammar.Parse("root ::= \"a\" [\\uD800-\\uDFFF]")) };
        (await Should.ThrowAsync<PpdGrammarException>(() => harness.Run([300, 301], sampling, 20))).Message.ShouldContain("No token");
        (await harness.Run([300, 301], maxTokens: 3)).Tokens.Count.ShouldBe(3);
    }

    [Fact]
    public async Task Requests_under_different_grammars_share_steps()
    {
        using var harness = new EngineHarness("random", cache: GgmlType.F32);
        var cases = SchemaCase.All.Where(@case => LongestText.Bytes(JsonSchemaGrammar.Compile(@case.Schema)) is <= 80).Take(8).ToList();
        var replies = await Task.WhenAll(cases.Select((@case, i) =>
        {
            var constraint = new GrammarConstraint(JsonSchemaGrammar.Compile(@case.Schema));
            return harness.Run([.. Enumerable.Range(300 + i, 5)], new SamplingSettings(Temperature: 1, Seed: 5) { Grammar = constraint }, 100, draftTokens: 6, new NGramAndGrammar(harness.Model.Vocabulary, constraint));
        }));
        cases.Zip(replies).Select(pair => Problem(pair.First, Text(harness.Model.Vocabulary, pair.Second.Tokens))).ShouldAllBe(problem => problem == null);
        replies.Length.ShouldBe(8);
    }

    static string? Problem(SchemaCase @case, string text)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
            return new SchemaValidator(@case.Schema).IsValid(json.RootElement) ? null : "does not satisfy the schema";
        }
        catch (JsonException error)
        {
            return $"is no JSON: {error.Message}";
        }
    }

    static string Text(LlamaVocabulary vocabulary, IEnumerable<int> tokens) => Encoding.UTF8.GetString([.. tokens.SelectMany(token => vocabulary.Piece(token).ToArray())]);

    internal sealed class NGramAndGrammar(LlamaVocabulary vocabulary, GrammarConstraint constraint) : IDraftSource
    {
        readonly IDraftSource[] _sources = [new NGramSource(), new GrammarSource(vocabulary, constraint)];

        public void Observe(ReadOnlySpan<int> tokens)
        {
            foreach (var source in _sources) source.Observe(tokens);
        }

        public void Propose(TokenTree candidates, int maxDepth)
        {
            foreach (var source in _sources) source.Propose(candidates, maxDepth);
        }
    }
}
