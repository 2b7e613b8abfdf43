using Ppd.Decoding;
using Ppd.Native;

namespace Ppd.Tests.Decoding;

/// <summary>The simplest decoder there is: one token row per call on one sequence. What everything else is compared with.</summary>
sealed class ReferenceDecoder : IDisposable
{
    readonly LlamaContext _context;
    readonly LlamaBatch _batch;
    int _position;

    internal ReferenceDecoder(LlamaModel model, bool flashAttention = false, GgmlType cache = GgmlType.F16, int cells = 1024)
    {
        _context = LlamaContext.Create(model, new ContextSettings(cells, 64, 64, 2, 1, flashAttention, cache));
        _batch = new LlamaBatch(64, model.EmbeddingLength);
    }

    /// <summary>Decodes one token and returns a copy of its logits [vocabulary].</summary>
    internal float[] Next(int token)
    {
        _batch.Clear();
        _batch.AddToken(token, _position++, [0], wantsLogits: true);
        _context.Decode(_batch).ShouldBe(DecodeOutcome.Done);
        return _context.Logits(0).ToArray();
    }

    /// <summary>Fills cells with another sequence, so that those of this text lie elsewhere and are summed in other groups.</summary>
    internal void Occupy(int cells)
    {
        _batch.Clear();
        for (var i = 0; i < cells; i++) _batch.AddToken(300, i, [1], wantsLogits: false);
        _context.Decode(_batch).ShouldBe(DecodeOutcome.Done);
    }

    /// <summary>Decodes one embedding row [width] and returns a copy of its logits.</summary>
    internal float[] Next(ReadOnlySpan<float> embedding)
    {
        _batch.Clear();
        _batch.AddEmbedding(embedding, _position++, [0], wantsLogits: true);
        _context.Decode(_batch).ShouldBe(DecodeOutcome.Done);
        return _context.Logits(0).ToArray();
    }

    /// <summary>Decodes tokens one after the other; logits of the last.</summary>
    internal float[] Feed(ReadOnlySpan<int> tokens)
    {
        float[] logits = [];
        foreach (var token in tokens) logits = Next(token);
        return logits;
    }

    /// <summary>Decodes tokens in batches of <paramref name="rows"/>; logits of all.</summary>
    internal List<float[]> FeedBatched(ReadOnlySpan<int> tokens, int rows)
    {
        List<float[]> logits = [];
        for (var start = 0; start < tokens.Length; start += rows)
        {
            _batch.Clear();
            for (var i = start; i < Math.Min(start + rows, tokens.Length); i++) _batch.AddToken(tokens[i], _position++, [0], wantsLogits: true);
            _context.Decode(_batch).ShouldBe(DecodeOutcome.Done);
            for (var row = 0; row < _batch.Count; row++) logits.Add(_context.Logits(row).ToArray());
        }
        return logits;
    }

    /// <summary>Plain generation: logits row and drawn token of each step.</summary>
    internal List<(float[] Logits, int Token)> Generate(int[] prompt, SamplingSettings sampling, int count)
    {
        using var sampler = new TokenSampler(_context.Model, sampling);
        sampler.AcceptPrompt(prompt);
        List<(float[], int)> steps = [];
        var logits = Feed(prompt);
        while (steps.Count < count)
        {
            var token = sampler.Sample(logits);
            steps.Add((logits, token));
            if (_context.Model.Vocabulary.EndsGeneration(token)) break;
            if (steps.Count < count) logits = Next(token);
        }
        return steps;
    }

    /// <summary>Back to the first <paramref name="length"/> tokens.</summary>
    internal void Rewind(int length)
    {
        _context.RemoveCells(0, length);
        _position = length;
    }

    public void Dispose()
    {
        _batch.Dispose();
        _context.Dispose();
    }
}
