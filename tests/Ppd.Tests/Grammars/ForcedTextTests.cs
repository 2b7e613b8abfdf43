using System.Text;
using Ppd.Chat.Schemas;
using Ppd.Decoding;
using Ppd.Grammars;
using Ppd.Native;
using Ppd.Testing;

namespace Ppd.Tests.Grammars;

/// <summary>What a grammar forces has one spelling in tokens, the tokeniser's, and needs no model.</summary>
public sealed class ForcedTextTests
{
    static readonly Lazy<LlamaModel> Default = new(() => LlamaModel.Load(LlamaLibrary.Load(null, null), PpdModelOptions.DefaultModelPath, gpuLayers: 0, null, default));

    static LlamaVocabulary Vocabulary => Default.Value.Vocabulary;

    static GrammarMachine Machine(string grammar, params string[] markers) =>
        new GrammarConstraint(Grammar.Parse(grammar)) { Markers = markers }.Machine(GrammarVocabulary.Of(Vocabulary));

    [Fact]
    public void Forced_text_is_spelled_as_the_tokeniser_does_it_and_in_no_other_way()
    {
        var machine = Machine("root ::= \"{\\\"name\\\": \\\"\" [a-z]+ \"\\\"}\"");
        int[] tokens = [.. Tokens("{\"name\": \"a").TakeWhile(token => token != Tokens("a")[0])];
        tokens.Length.ShouldBeGreaterThan(2);
        var position = machine.Start;
        machine.Forced(position).ToArray().ShouldBe(tokens);
        foreach (var token in tokens)
        {
            machine.Permitted(position).ToArray().ShouldBe([token]);
            // the same text byte by byte is as valid, and not the model's way
            if (Vocabulary.Piece(token).Length > 1) machine.Fits(position, Tokens(((char)Vocabulary.Piece(token)[0]).ToString())[0]).ShouldBeFalse();
            machine.TryAdvance(ref position, token).ShouldBeTrue();
        }
        machine.Forced(position).Length.ShouldBe(0);
        machine.Permitted(position).Length.ShouldBeGreaterThan(26);
    }

    [Fact]
    public void Where_texts_part_what_they_have_in_common_is_forced()
    {
        var machine = Machine("root ::= \"{\\\"stock\\\": \" (\"true\" | \"false\") \"}\"");
        var position = machine.Start;
        var forced = Text(machine.Forced(position));
        "{\"stock\": ".ShouldStartWith(forced);
        forced.Length.ShouldBeGreaterThan(6);
    }

    [Fact]
    public void A_token_that_would_reach_into_free_text_is_not_forced()
    {
        // "the" is one token, and so may "there" be
        var machine = Machine("root ::= \"th\" [a-z]{1,9} \"!\"");
        machine.Forced(machine.Start).Length.ShouldBe(0);
        machine.Permitted(machine.Start).ToArray().ShouldContain(Tokens("the")[0]);
    }

    [Fact]
    public void Where_a_token_fits_that_the_tokeniser_never_writes_the_model_chooses()
    {
        using var folder = new TemporaryFolder();
        new ScriptedModel().Say("!", "{\"name\": 1}").Write(folder["model.gguf"], "{{ messages }}");     // pieces of three characters, and no merges
        using var model = LlamaModel.Load(LlamaLibrary.Load(null, null), folder["model.gguf"], gpuLayers: 0, null, TestContext.Current.CancellationToken);
        var machine = new GrammarConstraint(Grammar.Parse("root ::= \"zz{\\\"name\\\": 1}\"")).Machine(GrammarVocabulary.Of(model.Vocabulary));
        var position = machine.Start;
        machine.Forced(position).Length.ShouldBe(2);
        for (var z = 0; z < 2; z++) machine.TryAdvance(ref position, machine.Forced(position)[0]).ShouldBeTrue();
        machine.Forced(position).Length.ShouldBe(0);
        machine.Permitted(position).Length.ShouldBe(2);
    }

    [Fact]
    public void Control_tokens_are_forced_where_the_format_spells_them_and_never_where_a_text_looks_like_one()
    {
        var marker = Vocabulary.SpecialTokens.First(special => Vocabulary.Piece(special.Id).IsEmpty && !Vocabulary.EndsGeneration(special.Id));
        var grammar = $"root ::= {Gbnf.Literal(marker.Text)} \"!\"";
        Machine(grammar, marker.Text).Forced(Machine(grammar, marker.Text).Start)[0].ShouldBe(marker.Id);
        var text = Machine(grammar);
        var position = text.Start;
        StringBuilder written = new();
        while (!position.Ended)
        {
            var token = text.Permitted(position)[0];
            token.ShouldNotBe(marker.Id);
            written.Append(Encoding.UTF8.GetString(Vocabulary.Piece(token)));
            text.TryAdvance(ref position, token).ShouldBeTrue();
        }
        written.ToString().ShouldBe(marker.Text + "!");
    }

    [Fact]
    public void Forced_tokens_need_no_logits_and_no_random_number()
    {
        var random = new Random(1);
        float[][] logits = [.. Enumerable.Range(0, 12).Select(_ => (float[])[.. Enumerable.Range(0, Vocabulary.Count).Select(_ => 4 * random.NextSingle())])];
        var settings = new SamplingSettings(Temperature: 1, TopK: 0, TopP: 1, MinP: 0, Seed: 7);
        using var free = new TokenSampler(Default.Value, settings with { Grammar = new GrammarConstraint(Grammar.Parse("root ::= [0-9]{12}")) });
        using var led = new TokenSampler(Default.Value, settings with { Grammar = new GrammarConstraint(Grammar.Parse("root ::= \"{\\\"number\\\": \\\"\" [0-9]{12}")) });
        StringBuilder beginning = new();
        while (!led.NeedsLogits) beginning.Append(Encoding.UTF8.GetString(Vocabulary.Piece(led.Sample(default))));
        beginning.ToString().ShouldBe("{\"number\": \"");
        free.NeedsLogits.ShouldBeTrue();
        foreach (var row in logits.TakeWhile(_ => !free.Ended)) led.Sample(row).ShouldBe(free.Sample(row));
        free.Ended.ShouldBeTrue();
    }

    static int[] Tokens(string text)
    {
        List<int> tokens = [];
        Vocabulary.Tokenize(text, parseSpecial: false, tokens);
        return [.. tokens];
    }

    static string Text(ReadOnlySpan<int> tokens)
    {
        List<byte> bytes = [];
        foreach (var token in tokens) bytes.AddRange(Vocabulary.Piece(token));
        return Encoding.UTF8.GetString([.. bytes]);
    }
}
