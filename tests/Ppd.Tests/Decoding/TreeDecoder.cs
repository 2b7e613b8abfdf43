using System.Runtime.InteropServices;
using Ppd.Decoding;
using Ppd.Native;

namespace Ppd.Tests.Decoding;

/// <summary>Drives <see cref="TreeLayout"/> and <see cref="CacheSlot"/> without an engine, with token rows or with the same tokens as embedding rows.</summary>
sealed class TreeDecoder : IDisposable
{
    readonly LlamaContext _context;
    readonly LlamaBatch _batch;
    readonly CacheSlot _cache;
    readonly TreeLayout _layout = new();
    readonly GgufFile? _file;

    internal TreeDecoder(LlamaModel model, string path, bool flashAttention, bool embeddings)
    {
        CacheType = flashAttention ? GgmlType.F16 : GgmlType.F32;
        _context = LlamaContext.Create(model, new ContextSettings(1024, 64, 64, 4, 1, flashAttention, CacheType));
        _batch = new LlamaBatch(64, model.EmbeddingLength);
        _cache = new CacheSlot(_context, firstSequence: 64, paths: 64);
        _file = embeddings ? GgufFile.Open(path) : null;
    }

    internal GgmlType CacheType { get; }

    internal int Length => _cache.Length;

    internal void Prefill(ReadOnlySpan<int> tokens)
    {
        _batch.Clear();
        foreach (var token in tokens) _batch.AddToken(token, _batch.Count, _cache.Trunk, wantsLogits: false);
        _context.Decode(_batch).ShouldBe(DecodeOutcome.Done);
        _cache.Commit(tokens.Length);
    }

    internal void Decode(TokenTree tree)
    {
        _layout.Number(tree);
        _batch.Clear();
        var ids = _cache.Paths(_layout.Paths);
        if (_file == null) _layout.AddRows(tree, _cache.Length, ids, _batch);
        else
            for (var node = 0; node < tree.Count; node++)
                _batch.AddEmbedding(Embedding(tree.Token(node)), _cache.Length + tree.Depth(node), Through(node, ids), wantsLogits: true);
        _context.Decode(_batch).ShouldBe(DecodeOutcome.Done);
    }

    internal ReadOnlySpan<float> Logits(int node) => _context.Logits(_file == null ? _layout.Row(node) : node);

    internal void Keep(TokenTree tree, int accepted) => _cache.Keep(tree, _layout, accepted);

    ReadOnlySpan<float> Embedding(int token) => MemoryMarshal.Cast<byte, float>(_file!.Row(_file.Tensors["token_embd.weight"], token));

    int[] Through(int node, ReadOnlySpan<int> ids)
    {
        List<int> through = [];
        for (var path = 0; path < ids.Length; path++)
            if (_layout.Contains(node, path)) through.Add(ids[path]);
        return [.. through];
    }

    public void Dispose()
    {
        _file?.Dispose();
        _batch.Dispose();
        _context.Dispose();
    }
}
