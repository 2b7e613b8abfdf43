using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using static Ppd.Native.LlamaFunctions;

namespace Ppd.Native;

/// <summary>How a context is created; see <c>llama_context_params</c>.</summary>
/// <param name="Cells">Cells of the unified KV cache (<c>n_ctx</c>): tokens of all requests plus the rows of one step.</param>
/// <param name="BatchRows">Most rows of one decode (<c>n_batch</c> and <c>n_ubatch</c>: a tree must not be split over micro-batches).</param>
/// <param name="OutputRows">Most rows of one decode whose logits are wanted (<c>n_outputs_max</c>).</param>
/// <param name="Sequences">Sequences that are counted when buffers are sized (<c>n_seq_max</c>); with a unified cache ids up to 255 are valid whatever it is.</param>
/// <param name="Threads">Threads of the attached pool, for one row and for many.</param>
/// <param name="FlashAttention">Whether attention runs in the fused kernel.</param>
/// <param name="CacheType">Type of the cached keys and values.</param>
readonly record struct ContextSettings(long Cells, int BatchRows, int OutputRows, int Sequences, int Threads, bool FlashAttention, GgmlType CacheType = GgmlType.F16);

/// <summary>What <c>llama_decode</c> made of a batch.</summary>
enum DecodeOutcome
{
    /// <summary>Logits are ready.</summary>
    Done,
    /// <summary>The abort flag stopped it; rows of this batch may be left in the cache under some of their ids.</summary>
    Aborted,
}

/// <summary>
/// A KV cache and the buffers to decode with it (<c>llama_context</c>); owned by one thread. Every argument that would abort the process is refused here.
/// Keeps its model alive.
/// </summary>
sealed unsafe class LlamaContext : SafeHandleZeroOrMinusOneIsInvalid
{
    readonly LlamaModel _model;
    readonly ContextSettings _settings;
    readonly byte* _abort;
    LlamaThreadpool? _threads;
    nint _memory;

    LlamaContext(LlamaModel model, ContextSettings settings) : base(ownsHandle: true)
    {
        _model = model;
        _settings = settings;
        _abort = (byte*)NativeMemory.AllocZeroed(1);
        var added = false;
        model.DangerousAddRef(ref added);
    }

    /// <summary>The model decoded with.</summary>
    internal LlamaModel Model => _model;

    /// <summary>Cells of the cache, as llama.cpp padded them.</summary>
    internal int Cells { get; private set; }

    /// <summary>Makes a context (<c>llama_init_from_model</c>) with a unified cache and a thread pool of its own.</summary>
    /// <exception cref="PpdModelLoadException">There is not enough memory for the cache, or the backend refused a setting.</exception>
    internal static LlamaContext Create(LlamaModel model, ContextSettings settings)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(settings.Cells, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(settings.Cells, int.MaxValue);
        ArgumentOutOfRangeException.ThrowIfLessThan(settings.BatchRows, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(settings.OutputRows, settings.BatchRows);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(settings.Sequences, Math.Min(settings.OutputRows, LlamaBatch.MaxSequences));
        ArgumentOutOfRangeException.ThrowIfLessThan(settings.Sequences, 1);
        // ggml's barriers spin: more threads than processors does not slow a step, it hangs it
        ArgumentOutOfRangeException.ThrowIfGreaterThan(settings.Threads, Math.Max(Environment.ProcessorCount, 1));

        var fields = model.Library.Layout.Context;
        var parameters = llama_context_default_params();
        parameters.Set(fields.NCtx, (uint)settings.Cells);
        parameters.Set(fields.NBatch, (uint)settings.BatchRows);
        parameters.Set(fields.NUbatch, (uint)settings.BatchRows);
        parameters.Set(fields.NSeqMax, (uint)settings.Sequences);
        if (fields.NOutputsMax is { } outputs) parameters.Set(outputs, (uint)settings.OutputRows);
        parameters.Set(fields.NThreads, settings.Threads);
        parameters.Set(fields.NThreadsBatch, settings.Threads);
        parameters.Set(fields.FlashAttnType, settings.FlashAttention ? 1 : 0);
        parameters.Set(fields.TypeK, (int)settings.CacheType);
        parameters.Set(fields.TypeV, (int)settings.CacheType);
        parameters.Set(fields.KvUnified, true);

        var context = new LlamaContext(model, settings);
        try
        {
            var handle = llama_init_from_model(model, parameters);
            if (handle == 0)
                throw new PpdModelLoadException($"llama.cpp could not make a context of {settings.Cells} cells. Most likely the KV cache does not fit in memory: " +
                    "lower ContextLength or Slots. The log lines before this error say more.");
            context.SetHandle(handle);
            context._memory = llama_get_memory(context);
            if (context._memory == 0) throw new PpdModelLoadException("The model has no KV cache (an encoder?); only text-generating models can be decoded.");
            context.Cells = (int)llama_n_ctx(context);
            context._threads = LlamaThreadpool.Create(settings.Threads);
            llama_attach_threadpool(context, context._threads.Handle, context._threads.Handle);
            llama_set_abort_callback(context, &ShouldAbort, context._abort);
            return context;
        }
        catch
        {
            context.Dispose();
            // SafeHandle calls ReleaseHandle only for a valid handle
            if (context.IsInvalid) context.ReleaseReferences();
            throw;
        }
    }

    /// <summary>While set, a running and any later decode stops at the next graph node (<c>llama_set_abort_callback</c>; CPU backends only). May be called from any thread.</summary>
    internal void SetAbort(bool abort)
    {
        ObjectDisposedException.ThrowIf(IsClosed, this);
        Volatile.Write(ref *_abort, abort ? (byte)1 : (byte)0);
    }

    /// <summary>Runs the rows through the model and appends them to the cache (<c>llama_decode</c>).</summary>
    /// <exception cref="PpdDecodeException">llama.cpp refused the batch; the cache is as before.</exception>
    internal DecodeOutcome Decode(LlamaBatch batch)
    {
        var native = batch.Native;
        if (batch.Count == 0) throw new ArgumentException("The batch is empty.", nameof(batch));
        // llama.cpp cuts n_batch to the cells asked for, before it pads these
        if (batch.Count > Math.Min(_settings.BatchRows, _settings.Cells))
            throw new ArgumentException($"The batch has {batch.Count} rows; this context takes {_settings.BatchRows} and has {_settings.Cells} cells.", nameof(batch));
        if (batch.Outputs > _settings.OutputRows)
            throw new ArgumentException($"The batch wants logits of {batch.Outputs} rows; this context gives {_settings.OutputRows}.", nameof(batch));
        var code = llama_decode(this, native);
        return code switch
        {
            0 => DecodeOutcome.Done,
            2 => DecodeOutcome.Aborted,
            _ => throw new PpdDecodeException(code, batch.Count),
        };
    }

    /// <summary>Logits of a row of the last decode, vocabulary floats; valid until the next decode.</summary>
    internal ReadOnlySpan<float> Logits(int row)
    {
        var logits = llama_get_logits_ith(this, row);
        if (logits == null) throw new ArgumentException($"Row {row} of the last decode did not ask for logits.", nameof(row));
        return new ReadOnlySpan<float>(logits, _model.Vocabulary.Count);
    }

    /// <summary>Takes a sequence off its cells at positions [from, to); cells without sequences become free (<c>llama_memory_seq_rm</c>). Scans every cell.</summary>
    internal void RemoveCells(int sequence, int from, int to = -1) => llama_memory_seq_rm(_memory, Checked(sequence), from, to);

    /// <summary>Adds <paramref name="destination"/> to the cells of <paramref name="source"/> at positions [from, to) (<c>llama_memory_seq_cp</c>). Scans every cell.</summary>
    internal void ShareCells(int source, int destination, int from, int to) =>
        llama_memory_seq_cp(_memory, Checked(source), Checked(destination), from, to);

    /// <summary>Last position a sequence holds, or -1 (<c>llama_memory_seq_pos_max</c>).</summary>
    internal int LastPosition(int sequence) => llama_memory_seq_pos_max(_memory, Checked(sequence));

    /// <summary>Empties the cache.</summary>
    internal void ClearCells()
    {
        ObjectDisposedException.ThrowIf(IsClosed, this);
        llama_memory_clear(_memory, 0);
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        llama_free(handle);
        ReleaseReferences();
        return true;
    }

    void ReleaseReferences()
    {
        _threads?.Dispose();
        NativeMemory.Free(_abort);
        _model.DangerousRelease();
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    static byte ShouldAbort(void* flag) => Volatile.Read(ref *(byte*)flag);

    int Checked(int sequence)
    {
        ObjectDisposedException.ThrowIf(IsClosed, this);
        return (uint)sequence < LlamaBatch.MaxSequences
            ? sequence
            : throw new ArgumentOutOfRangeException(nameof(sequence), $"Sequence id {sequence} is outside 0 to {LlamaBatch.MaxSequences - 1}.");
    }
}
