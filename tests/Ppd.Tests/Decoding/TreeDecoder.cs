using Ppd.Decoding;
using Ppd.Drafting;
using Ppd.Native;

namespace Ppd.Tests.Decoding;

/// <summary>Drives <see cref="TreeLayout"/> and <see cref="CacheSlot"/> without an engine: token rows, or embedding rows if there are prompt tokens.</summary>
sealed class TreeDecoder : IDisposable
{
    readonly LlamaContext _context;
    readonly LlamaBatch _rows;
    readonly StepBatch _batch;
    readonly CacheSlot _cache;
    readonly TreeLayout _layout;
    readonly PromptTokenRows? _prompts;

    internal TreeDecoder(LlamaModel model, string path, bool flashAttention, PromptTokens? prompts)
    {
        CacheType = flashAttention ? GgmlType.F16 : GgmlType.F32;
        _context = LlamaContext.Create(model, new ContextSettings(1024, 256, 256, 4, 1, flashAttention, CacheType));
        _prompts = prompts == null ? null : new PromptTokenRows(prompts, new EmbeddingTable(model.Library, path));
        _rows = new LlamaBatch(256, model.EmbeddingLength);
        _batch = new StepBatch(_rows, _prompts);
        _layout = new TreeLayout(prompts?.Ensemble ?? 1);
        _cache = new CacheSlot(_context, firstSequence: 64, paths: 128);
    }

    internal GgmlType CacheType { get; }

    internal int Length => _cache.Length;

    internal void Prefill(ReadOnlySpan<int> tokens)
    {
        _batch.Begin(embeddings: false);
        for (var i = 0; i < tokens.Length; i++) _batch.AddWord(tokens[i], i, _cache.Trunk, wantsLogits: false);
        _context.Decode(_rows).ShouldBe(DecodeOutcome.Done);
        _cache.Commit(tokens.Length);
    }

    internal void Decode(TokenTree tree)
    {
        _layout.Number(tree, available: 1);
        _batch.Begin(embeddings: _prompts != null);
        _layout.AddRows(tree, _cache.Length, _cache.Paths(_layout.Paths), _batch);
        _context.Decode(_rows).ShouldBe(DecodeOutcome.Done);
    }

    internal ReadOnlySpan<float> Logits(int node) => _context.Logits(_layout.Row(node));

    internal ReadOnlySpan<float> PromptLogits(int node, int i, int j) => _context.Logits(_layout.PromptRow(node, i, j));

    internal void Keep(TokenTree tree, int accepted) => _cache.Keep(tree, _layout, accepted);

    public void Dispose()
    {
        _rows.Dispose();
        _context.Dispose();
        _prompts?.Dispose();
    }
}
