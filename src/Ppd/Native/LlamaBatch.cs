using System.Runtime.InteropServices;

namespace Ppd.Native;

/// <summary><c>llama_batch</c> as C declares it, passed by value: 56 bytes on 64-bit.</summary>
[StructLayout(LayoutKind.Sequential)]
unsafe struct NativeBatch
{
    internal int Count;
    internal int* Tokens;          // [rows], or null for an embedding batch
    internal float* Embeddings;    // [rows, n_embd], or null for a token batch
    internal int* Positions;       // [rows]
    internal int* SequenceCounts;  // [rows]
    internal int** Sequences;      // [rows][sequence count]
    internal byte* WantsLogits;    // [rows]
}

/// <summary>
/// The rows of one <c>llama_decode</c>: each a token or an embedding, with its position, the sequences it belongs to and whether its logits are wanted.
/// All rows are tokens or all are embeddings. A row sees the cells of its <em>first</em> sequence at positions up to its own.
/// </summary>
sealed unsafe class LlamaBatch : IDisposable
{
    /// <summary><c>LLAMA_MAX_SEQ</c>: sequence ids are 0 to 255.</summary>
    internal const int MaxSequences = 256;

    readonly int _embeddingLength;
    readonly int _sequenceCapacity;
    NativeBatch _native;
    float* _embeddings;
    int* _tokens;
    int* _sequenceArena;
    int _sequencesUsed;

    /// <summary>A batch of at most <paramref name="capacity"/> rows; embedding rows are <paramref name="embeddingLength"/> floats, allocated when first used.</summary>
    internal LlamaBatch(int capacity, int embeddingLength)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacity);
        Capacity = capacity;
        _embeddingLength = embeddingLength;
        _sequenceCapacity = capacity * MaxSequences;
        _tokens = Allocate<int>(capacity);
        _sequenceArena = Allocate<int>(_sequenceCapacity);
        _native.Positions = Allocate<int>(capacity);
        _native.SequenceCounts = Allocate<int>(capacity);
        _native.Sequences = (int**)Allocate<nint>(capacity);
        _native.WantsLogits = Allocate<byte>(capacity);
    }

    /// <summary>Most rows the batch can hold.</summary>
    internal int Capacity { get; }

    /// <summary>Rows in the batch.</summary>
    internal int Count => _native.Count;

    /// <summary>Rows whose logits are wanted.</summary>
    internal int Outputs { get; private set; }

    /// <summary>The struct to pass to <c>llama_decode</c>.</summary>
    internal NativeBatch Native => _tokens == null ? throw new ObjectDisposedException(nameof(LlamaBatch)) : _native;

    /// <summary>Empties the batch; the next row decides whether it is a token or an embedding batch.</summary>
    internal void Clear()
    {
        _native.Count = 0;
        _native.Tokens = null;
        _native.Embeddings = null;
        _sequencesUsed = 0;
        Outputs = 0;
    }

    /// <summary>Appends a token row and returns its index.</summary>
    internal int AddToken(int token, int position, ReadOnlySpan<int> sequences, bool wantsLogits)
    {
        if (_native.Embeddings != null) throw Mixed();
        var row = Add(position, sequences, wantsLogits);
        _native.Tokens = _tokens;
        _tokens[row] = token;
        return row;
    }

    /// <summary>Appends an embedding row of <c>n_embd</c> floats and returns its index.</summary>
    internal int AddEmbedding(ReadOnlySpan<float> embedding, int position, ReadOnlySpan<int> sequences, bool wantsLogits)
    {
        if (_native.Tokens != null) throw Mixed();
        if (embedding.Length != _embeddingLength)
            throw new ArgumentException($"An embedding row has {embedding.Length} floats; this model takes {_embeddingLength}.", nameof(embedding));
        var row = Add(position, sequences, wantsLogits);
        if (_embeddings == null) _embeddings = Allocate<float>((nuint)Capacity * (nuint)_embeddingLength);
        _native.Embeddings = _embeddings;
        embedding.CopyTo(new Span<float>(_embeddings + (nint)row * _embeddingLength, _embeddingLength));
        return row;
    }

    int Add(int position, ReadOnlySpan<int> sequences, bool wantsLogits)
    {
        ObjectDisposedException.ThrowIf(_tokens == null, this);
        if (Count == Capacity) throw new InvalidOperationException($"The batch holds {Capacity} rows already, its limit; decode it before adding more.");
        if (sequences.IsEmpty) throw new ArgumentException("A row must belong to at least one sequence.", nameof(sequences));
        ArgumentOutOfRangeException.ThrowIfNegative(position);
        if (_sequencesUsed + sequences.Length > _sequenceCapacity) throw new InvalidOperationException("A row carries more than 256 sequence ids.");
        var ids = _sequenceArena + _sequencesUsed;
        for (var i = 0; i < sequences.Length; i++)
        {
            if ((uint)sequences[i] >= MaxSequences)
                throw new ArgumentOutOfRangeException(nameof(sequences), $"Sequence id {sequences[i]} is outside 0 to {MaxSequences - 1}.");
            ids[i] = sequences[i];
        }
        _sequencesUsed += sequences.Length;
        var row = _native.Count++;
        _native.Positions[row] = position;
        _native.SequenceCounts[row] = sequences.Length;
        _native.Sequences[row] = ids;
        _native.WantsLogits[row] = wantsLogits ? (byte)1 : (byte)0;
        if (wantsLogits) Outputs++;
        return row;
    }

    static InvalidOperationException Mixed() => new("A batch is all tokens or all embeddings; llama.cpp ignores the embeddings of a mixed one.");

    static T* Allocate<T>(int count) where T : unmanaged => Allocate<T>((nuint)count);

    static T* Allocate<T>(nuint count) where T : unmanaged => (T*)NativeMemory.AllocZeroed(count, (nuint)sizeof(T));

    /// <inheritdoc/>
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    ~LlamaBatch() => Free();

    void Free()
    {
        NativeMemory.Free(_tokens);
        NativeMemory.Free(_embeddings);
        NativeMemory.Free(_sequenceArena);
        NativeMemory.Free(_native.Positions);
        NativeMemory.Free(_native.SequenceCounts);
        NativeMemory.Free(_native.Sequences);
        NativeMemory.Free(_native.WantsLogits);
        _tokens = null;
        _embeddings = null;
        _sequenceArena = null;
        _native = default;
    }
}
