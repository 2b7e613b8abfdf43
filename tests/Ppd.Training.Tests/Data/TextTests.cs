using Ppd.Training.Data;

namespace Ppd.Training.Tests.Data;

public sealed class TextTests
{
    [Fact]
    public async Task The_model_writes_the_same_text_for_the_same_seed_and_another_for_another()
    {
        using var model = new TinyModel();
        var first = await Sample(model, seed: 1);
        first.Sum(document => document.Length).ShouldBeGreaterThanOrEqualTo(600);
        first.ShouldAllBe(document => document.Length <= 48);
        (await Sample(model, seed: 1)).ShouldBe(first);
        (await Sample(model, seed: 2)).ShouldNotBe(first);
    }

    [Fact]
    public async Task A_continuation_takes_the_likeliest_token_each_time()
    {
        using var model = new TinyModel();
        using var generator = new TextGenerator(model.Llama, model.Info, 48, threads: 1);
        var prefix = model.Tokens(10);
        var continuation = (await generator.Continue([prefix], 6, TestContext.Current.CancellationToken)).ShouldHaveSingleItem();
        continuation.Start.ShouldBe(10);
        continuation.Tokens[..10].ShouldBe(prefix);
        var logits = Ppd.Training.Model.LlamaLogits.Of(model.Llama, continuation.Tokens);
        for (var place = 10; place < continuation.Tokens.Length; place++)
            continuation.Tokens[place].ShouldBe(Array.IndexOf(logits[place - 1], logits[place - 1].Max()));
        continuation.Tokens.Length.ShouldBeGreaterThan(12);
    }

    [Fact]
    public void Lines_of_text_become_documents_and_a_wrong_line_is_named()
    {
        using var model = new TinyModel();
        File.WriteAllText(model["good.jsonl"], "{\"text\": \"the rain\"}\n\n{\"text\": \"the sea\"}\n");
        UserText.Read(model["good.jsonl"], model.Llama.Vocabulary, model.Info).Count.ShouldBe(2);
        File.WriteAllText(model["bad.jsonl"], "{\"text\": \"the rain\"}\n{\"words\": 3}\n");
        Should.Throw<PpdException>(() => UserText.Read(model["bad.jsonl"], model.Llama.Vocabulary, model.Info)).Message.ShouldContain("Line 2");
    }

    static async Task<List<int[]>> Sample(TinyModel model, int seed)
    {
        using var generator = new TextGenerator(model.Llama, model.Info, 48, threads: 1);
        return await generator.Sample(600, seed, _ => { }, TestContext.Current.CancellationToken);
    }
}
