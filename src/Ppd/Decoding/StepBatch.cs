using Ppd.Drafting;
using Ppd.Native;

namespace Ppd.Decoding;

/// <summary>The rows of one step. llama.cpp takes all tokens or all embeddings, so one prompt token anywhere makes every row of the step an embedding.</summary>
/// <param name="rows">Where the rows go.</param>
/// <param name="prompts">Prompt tokens and word embeddings; null allows token rows only.</param>
sealed class StepBatch(LlamaBatch rows, PromptTokenRows? prompts)
{
    readonly float[] _row = new float[prompts?.Words.Width ?? 0];
    bool _embeddings;

    /// <summary>Empties the batch and decides what its rows are.</summary>
    internal void Begin(bool embeddings)
    {
        rows.Clear();
        _embeddings = embeddings;
    }

    /// <summary>Appends the row of a word and returns its index.</summary>
    internal int AddWord(int token, int position, ReadOnlySpan<int> sequences, bool wantsLogits)
    {
        if (!_embeddings) return rows.AddToken(token, position, sequences, wantsLogits);
        prompts!.Words.Read(token, _row);
        return rows.AddEmbedding(_row, position, sequences, wantsLogits);
    }

    /// <summary>Appends the row of ensemble member <paramref name="j"/> of prompt token <paramref name="i"/> under a token and returns its index.</summary>
    internal int AddPrompt(int i, int j, int parentToken, int position, ReadOnlySpan<int> sequences)
    {
        prompts!.Read(i, j, parentToken, _row);
        return rows.AddEmbedding(_row, position, sequences, wantsLogits: true);
    }
}
