using Ppd.Drafting;
using Ppd.Native;
using Ppd.Training.Data;
using Ppd.Training.Prompts;
using static TorchSharp.torch;

namespace Ppd.Training.Tests.Prompts;

/// <summary>Many chains trained at once guess what llama.cpp guesses with one chain behind a prefix: what is trained is what will run.</summary>
public sealed class PackedForwardTests
{
    const int Count = 3;

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 0)]
    [InlineData(1, 4)]
    public void A_chain_in_a_packed_row_guesses_as_llama_cpp_does(int ensemble, int rank)
    {
        using var model = new TinyModel();
        using var scope = NewDisposeScope();
        var prompts = PromptParameters.Create(model.Transformer, Count, ensemble, rank, PromptInit.Random, seed: 3);
        if (rank > 0) using (no_grad()) prompts.Up!.copy_(ones_like(prompts.Up) * tensor(0.1f));
        using var forward = new PackedForward(model.Transformer, prompts, PromptTokenMask.Ensemble);
        int[][] documents = [model.Tokens(20, seed: 1), model.Tokens(25, seed: 2)];
        var row = PackedText.Pack(documents, length: 64, Count).ShouldHaveSingleItem();
        int[] points = [0, 9, 20, 33];      // the last two lie in the second document
        var student = forward.Run(Batch.Of([row, row], [points, [.. points.Reverse()]], CPU)).Student.detach();

        var worst = 0f;
        for (var r = 0; r < points.Length; r++)
        {
            var document = documents[row.Documents[points[r]]];
            var expected = Guesses(model, prompts, document[..(row.Positions[points[r]] + 1)]);
            worst = Math.Max(worst, (student[0][r] - expected).abs().max().item<float>());
            worst = Math.Max(worst, (student[1][points.Length - 1 - r] - expected).abs().max().item<float>());
        }
        TestContext.Current.TestOutputHelper!.WriteLine($"ensemble {ensemble}, rank {rank}: largest difference {worst:0.0e0}");
        worst.ShouldBeLessThan(1e-3f);
    }

    [Fact]
    public void The_teacher_is_the_model_at_the_place_that_a_guess_is_about()
    {
        using var model = new TinyModel();
        using var scope = NewDisposeScope();
        var prompts = PromptParameters.Create(model.Transformer, Count, 1, 0, PromptInit.Random, seed: 3);
        using var forward = new PackedForward(model.Transformer, prompts, PromptTokenMask.Ensemble);
        var document = model.Tokens(20);
        var row = PackedText.Pack([document], 32, Count)[0];
        var teacher = forward.Run(Batch.Of([row], [[5]], CPU)).Teacher;
        var logits = Ppd.Training.Model.LlamaLogits.Of(model.Llama, document);
        for (var k = 1; k <= Count; k++) (teacher[0][0][k - 1] - tensor(logits[5 + k])).abs().max().item<float>().ShouldBeLessThan(1e-3f);
        teacher.requires_grad.ShouldBeFalse();
    }

    /// <summary>Prefix as tokens, then each ensemble member's chain as embedding rows on a sequence of its own; the members' mean [Count, vocabulary].</summary>
    static Tensor Guesses(TinyModel model, PromptParameters prompts, int[] prefix)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var width = model.Llama.EmbeddingLength;
        var rows = prompts.Embeddings(model.Transformer, Batch.Of([new PackedRow(prefix, [.. Enumerable.Range(0, prefix.Length)], new int[prefix.Length], [])], [[prefix.Length - 1]], CPU))
            .data<float>().ToArray();
        var sum = zeros(Count, model.Transformer.Config.Vocabulary);
        for (var member = 0; member < prompts.Ensemble; member++)
        {
            using var context = LlamaContext.Create(model.Llama, new ContextSettings(128, 64, 64, 1, 1, FlashAttention: false, GgmlType.F32));
            using var batch = new LlamaBatch(64, width);
            for (var i = 0; i < prefix.Length; i++) batch.AddToken(prefix[i], i, [0], wantsLogits: false);
            context.Decode(batch);
            batch.Clear();
            for (var i = 0; i < Count; i++)
                batch.AddEmbedding(rows.AsSpan((i * prompts.Ensemble + member) * width, width), prefix.Length + i, [0], wantsLogits: true);
            context.Decode(batch);
            sum = sum + stack([.. Enumerable.Range(0, Count).Select(i => tensor(context.Logits(i).ToArray()))]);
        }
        return (sum / tensor((float)prompts.Ensemble)).MoveToOuterDisposeScope();
    }
}
