using System.Runtime.InteropServices;

namespace Ppd.Native;

/// <summary>The functions of llama.h that the engine calls, under their C names. Arguments are checked by the wrappers: many wrong ones abort the process.</summary>
static unsafe partial class LlamaFunctions
{
    const string Llama = "llama";

    // model
    [LibraryImport(Llama)] internal static partial ParamBlock llama_model_default_params();
    [LibraryImport(Llama)] internal static partial nint llama_model_load_from_file(byte* path, ParamBlock parameters);
    [LibraryImport(Llama)] internal static partial void llama_model_free(nint model);
    [LibraryImport(Llama)] internal static partial nint llama_model_get_vocab(LlamaModel model);
    [LibraryImport(Llama)] internal static partial int llama_model_n_embd(LlamaModel model);
    [LibraryImport(Llama)] internal static partial int llama_model_n_ctx_train(LlamaModel model);

    // vocabulary
    [LibraryImport(Llama)] internal static partial int llama_vocab_n_tokens(nint vocab);
    [LibraryImport(Llama)] internal static partial int llama_vocab_type(nint vocab);
    [LibraryImport(Llama)] internal static partial int llama_vocab_bos(nint vocab);
    [LibraryImport(Llama)] internal static partial int llama_vocab_eos(nint vocab);
    [LibraryImport(Llama)] internal static partial byte llama_vocab_get_add_bos(nint vocab);
    [LibraryImport(Llama)] internal static partial byte llama_vocab_is_eog(nint vocab, int token);
    [LibraryImport(Llama)] internal static partial int llama_vocab_get_attr(nint vocab, int token);
    [LibraryImport(Llama)] internal static partial byte* llama_vocab_get_text(nint vocab, int token);
    [LibraryImport(Llama)] internal static partial int llama_tokenize(nint vocab, byte* text, int length, int* tokens, int capacity, byte addSpecial, byte parseSpecial);
    [LibraryImport(Llama)] internal static partial int llama_token_to_piece(nint vocab, int token, byte* buffer, int length, int lstrip, byte special);

    // context
    [LibraryImport(Llama)] internal static partial ParamBlock llama_context_default_params();
    [LibraryImport(Llama)] internal static partial nint llama_init_from_model(LlamaModel model, ParamBlock parameters);
    [LibraryImport(Llama)] internal static partial void llama_free(nint context);
    [LibraryImport(Llama)] internal static partial uint llama_n_ctx(LlamaContext context);
    [LibraryImport(Llama)] internal static partial int llama_decode(LlamaContext context, NativeBatch batch);
    [LibraryImport(Llama)] internal static partial float* llama_get_logits_ith(LlamaContext context, int row);
    [LibraryImport(Llama)] internal static partial void llama_attach_threadpool(LlamaContext context, nint pool, nint batchPool);
    [LibraryImport(Llama)] internal static partial void llama_set_abort_callback(LlamaContext context, delegate* unmanaged[Cdecl]<void*, byte> callback, void* data);

    // memory (the KV cache)
    [LibraryImport(Llama)] internal static partial nint llama_get_memory(LlamaContext context);
    [LibraryImport(Llama)] internal static partial void llama_memory_clear(nint memory, byte data);
    [LibraryImport(Llama)] internal static partial byte llama_memory_seq_rm(nint memory, int sequence, int from, int to);
    [LibraryImport(Llama)] internal static partial void llama_memory_seq_cp(nint memory, int source, int destination, int from, int to);
    [LibraryImport(Llama)] internal static partial int llama_memory_seq_pos_max(nint memory, int sequence);

    // samplers
    [LibraryImport(Llama)] internal static partial nint llama_sampler_chain_init(byte noPerf);
    [LibraryImport(Llama)] internal static partial void llama_sampler_chain_add(LlamaSampler chain, nint sampler);
    [LibraryImport(Llama)] internal static partial void llama_sampler_apply(LlamaSampler chain, TokenDataArray* candidates);
    [LibraryImport(Llama)] internal static partial void llama_sampler_accept(LlamaSampler chain, int token);
    [LibraryImport(Llama)] internal static partial void llama_sampler_free(nint sampler);
    [LibraryImport(Llama)] internal static partial nint llama_sampler_init_dist(uint seed);
    [LibraryImport(Llama)] internal static partial nint llama_sampler_init_greedy();
    [LibraryImport(Llama)] internal static partial nint llama_sampler_init_top_k(int k);
    [LibraryImport(Llama)] internal static partial nint llama_sampler_init_top_p(float p, nuint minKeep);
    [LibraryImport(Llama)] internal static partial nint llama_sampler_init_min_p(float p, nuint minKeep);
    [LibraryImport(Llama)] internal static partial nint llama_sampler_init_temp(float temperature);

    [LibraryImport(Llama)] internal static partial nint llama_sampler_init_grammar(nint vocab, byte* grammar, byte* root);

    [LibraryImport(Llama, EntryPoint = "llama_sampler_init_penalties")]
    internal static partial nint llama_sampler_init_penalties(int vocabularySize, int lastN, float repeat, float frequency, float presence);

    [LibraryImport(Llama, EntryPoint = "llama_sampler_init_penalties")]
    internal static partial nint llama_sampler_init_penalties_without_vocabulary(int lastN, float repeat, float frequency, float presence);
}
