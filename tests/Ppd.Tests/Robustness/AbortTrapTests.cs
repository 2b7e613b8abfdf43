using Ppd.Native;
using Ppd.Tests.Decoding;

namespace Ppd.Tests.Robustness;

/// <summary>What makes llama.cpp abort, crash or hang is refused before it gets there, by a typed error.</summary>
public sealed class AbortTrapTests
{
    static readonly ContextSettings Small = new(256, 16, 8, 4, 1, FlashAttention: false);

    static readonly Dictionary<string, (Type Error, Action<LlamaContext, LlamaBatch> Act)> Cases = new()
    {
        ["more sequences than rows with logits"] = (typeof(ArgumentOutOfRangeException), (c, _) => LlamaContext.Create(c.Model, Small with { Sequences = 9 })),
        ["more rows with logits than rows"] = (typeof(ArgumentOutOfRangeException), (c, _) => LlamaContext.Create(c.Model, Small with { OutputRows = 17 })),
        ["a thousand threads"] = (typeof(ArgumentOutOfRangeException), (c, _) => LlamaContext.Create(c.Model, Small with { Threads = 1000 })),
        ["more cells than an int counts"] = (typeof(ArgumentOutOfRangeException), (c, _) => LlamaContext.Create(c.Model, Small with { Cells = 1L << 31 })),
        ["empty batch"] = (typeof(ArgumentException), (c, b) => c.Decode(b)),
        ["more rows than the context takes"] = (typeof(ArgumentException), (c, b) => c.Decode(Fill(b, 17, false))),
        ["more logits than the context gives"] = (typeof(ArgumentException), (c, b) => c.Decode(Fill(b, 9, true))),
        ["more rows than the batch holds"] = (typeof(InvalidOperationException), (_, b) => Fill(b, 33, false)),
        ["sequence -1 in a batch"] = (typeof(ArgumentOutOfRangeException), (_, b) => b.AddToken(300, 0, [-1], true)),
        ["sequence 256 in a batch"] = (typeof(ArgumentOutOfRangeException), (_, b) => b.AddToken(300, 0, [0, 256], true)),
        ["row of no sequence"] = (typeof(ArgumentException), (_, b) => b.AddToken(300, 0, [], true)),
        ["negative position"] = (typeof(ArgumentOutOfRangeException), (_, b) => b.AddToken(300, -1, [0], true)),
        ["embedding among tokens"] = (typeof(InvalidOperationException), (_, b) => Fill(b, 1, true).AddEmbedding(new float[64], 1, [0], true)),
        ["embedding of another width"] = (typeof(ArgumentException), (_, b) => b.AddEmbedding(new float[63], 0, [0], true)),
        ["remove cells of sequence -1"] = (typeof(ArgumentOutOfRangeException), (c, _) => c.RemoveCells(-1, 0)),
        ["remove cells of sequence 256"] = (typeof(ArgumentOutOfRangeException), (c, _) => c.RemoveCells(256, 0)),
        ["share cells of sequence -1"] = (typeof(ArgumentOutOfRangeException), (c, _) => c.ShareCells(-1, 0, 0, 1)),
        ["share cells with sequence 256"] = (typeof(ArgumentOutOfRangeException), (c, _) => c.ShareCells(0, 256, 0, 1)),
        ["last position of sequence -1"] = (typeof(ArgumentOutOfRangeException), (c, _) => c.LastPosition(-1)),
        ["last position of sequence 256"] = (typeof(ArgumentOutOfRangeException), (c, _) => c.LastPosition(256)),
        ["logits nobody asked for"] = (typeof(ArgumentException), (c, b) =>
        {
            c.Decode(Fill(b, 2, false)).ShouldBe(DecodeOutcome.Done);
            c.Logits(0);
        }),
        ["logits of a row that was not there"] = (typeof(ArgumentException), (c, b) =>
        {
            c.Decode(Fill(b, 2, true)).ShouldBe(DecodeOutcome.Done);
            c.Logits(2);
        }),
        ["token outside the vocabulary"] = (typeof(PpdDecodeException), (c, b) =>
        {
            b.AddToken(512, 0, [0], true);
            c.Decode(b);
        }),
        ["gap in the positions"] = (typeof(PpdDecodeException), (c, b) =>
        {
            b.AddToken(300, 0, [0], true);
            b.AddToken(300, 2, [0], true);
            c.Decode(b);
        }),
        ["more rows than cells"] = (typeof(ArgumentException), (c, _) =>
        {
            using var small = LlamaContext.Create(c.Model, new ContextSettings(80, 1024, 8, 1, 1, FlashAttention: false));
            using var large = new LlamaBatch(1024, 64);
            small.Decode(Fill(large, 81, false));
        }),
        ["disposed batch"] = (typeof(ObjectDisposedException), (c, b) =>
        {
            Fill(b, 1, true).Dispose();
            c.Decode(b);
        }),
        ["disposed context"] = (typeof(ObjectDisposedException), (c, _) =>
        {
            c.Dispose();
            c.LastPosition(0);
        }),
        ["cells of a disposed context"] = (typeof(ObjectDisposedException), (c, _) =>
        {
            c.Dispose();
            c.ClearCells();
        }),
        ["abort of a disposed context"] = (typeof(ObjectDisposedException), (c, _) =>
        {
            c.Dispose();
            c.SetAbort(true);
        }),
    };

    public static TheoryData<string> Names() => [.. Cases.Keys];

    [Theory, MemberData(nameof(Names))]
    public void Argument_that_would_end_the_process_is_refused(string name)
    {
        using var context = LlamaContext.Create(TestModels.Load("random"), Small);
        using var batch = new LlamaBatch(32, 64);
        Should.Throw(() => Cases[name].Act(context, batch), Cases[name].Error);
        if (context.IsClosed || name == "disposed batch") return;
        // and nothing broke
        batch.Clear();
        context.ClearCells();
        context.Decode(Fill(batch, 8, true)).ShouldBe(DecodeOutcome.Done);
        context.Logits(7).Length.ShouldBe(512);
    }

    [Fact]
    public void Context_outlives_the_disposal_of_its_model()
    {
        var model = LlamaModel.Load(LlamaLibrary.Load(null, null), TestModels.RandomPath, gpuLayers: 0, null, TestContext.Current.CancellationToken);
        using var context = LlamaContext.Create(model, Small);
        using var batch = new LlamaBatch(32, 64);
        model.Dispose();
        context.Decode(Fill(batch, 8, true)).ShouldBe(DecodeOutcome.Done);
        context.Logits(7).Length.ShouldBe(512);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(512)]
    public void Prompt_token_outside_the_vocabulary_is_refused(int token)
    {
        using var harness = new EngineHarness("random", contextLength: 64);
        Should.Throw<ArgumentOutOfRangeException>(() => harness.Submit([300, token], new TokenCollector())).Message.ShouldContain($"{token} is outside the vocabulary of 512");
    }

    static LlamaBatch Fill(LlamaBatch batch, int rows, bool wantsLogits)
    {
        for (var i = 0; i < rows; i++) batch.AddToken(300 + i, i, [0], wantsLogits);
        return batch;
    }
}
