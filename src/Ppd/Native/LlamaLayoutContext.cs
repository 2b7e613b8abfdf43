namespace Ppd.Native;

/// <summary>Byte offsets in <c>llama_context_params</c>; null where the release has no such field.</summary>
sealed record LlamaLayoutContext(LlamaLayoutStruct Struct)
{
    public static LlamaLayoutContext V050 { get; } = new(Tail(new LlamaLayoutStruct("llama_context_params")
        .Field("n_ctx", 512u)
        .Field("n_batch", 2048u)
        .Field("n_ubatch", 512u)
        .Field("n_seq_max", 1u)
        .Field("n_rs_seq", 0u)
        .Field("n_outputs_max", 0u)
        .Field("n_outputs_max_per_seq", 1u))
        .Pointer("ctx_other"));

    public static LlamaLayoutContext LLamaSharp028 { get; } = new(Tail(new LlamaLayoutStruct("llama_context_params")
        .Field("n_ctx", 512u)
        .Field("n_batch", 2048u)
        .Field("n_ubatch", 512u)
        .Field("n_seq_max", 1u)
        .Field("n_rs_seq", 0u)));

    public int Size => Struct.Size;
    public int NCtx { get; } = Struct["n_ctx"];
    public int NBatch { get; } = Struct["n_batch"];
    public int NUbatch { get; } = Struct["n_ubatch"];
    public int NSeqMax { get; } = Struct["n_seq_max"];
    public int? NOutputsMax { get; } = Struct.Find("n_outputs_max");
    public int? NOutputsMaxPerSeq { get; } = Struct.Find("n_outputs_max_per_seq");
    public int NThreads { get; } = Struct["n_threads"];
    public int NThreadsBatch { get; } = Struct["n_threads_batch"];
    public int CtxType { get; } = Struct["ctx_type"];
    public int RopeScalingType { get; } = Struct["rope_scaling_type"];
    public int PoolingType { get; } = Struct["pooling_type"];
    public int AttentionType { get; } = Struct["attention_type"];
    public int FlashAttnType { get; } = Struct["flash_attn_type"];
    public int RopeFreqBase { get; } = Struct["rope_freq_base"];
    public int RopeFreqScale { get; } = Struct["rope_freq_scale"];
    public int YarnExtFactor { get; } = Struct["yarn_ext_factor"];
    public int YarnAttnFactor { get; } = Struct["yarn_attn_factor"];
    public int YarnBetaFast { get; } = Struct["yarn_beta_fast"];
    public int YarnBetaSlow { get; } = Struct["yarn_beta_slow"];
    public int YarnOrigCtx { get; } = Struct["yarn_orig_ctx"];
    public int CbEval { get; } = Struct["cb_eval"];
    public int CbEvalUserData { get; } = Struct["cb_eval_user_data"];
    public int TypeK { get; } = Struct["type_k"];
    public int TypeV { get; } = Struct["type_v"];
    public int AbortCallback { get; } = Struct["abort_callback"];
    public int AbortCallbackData { get; } = Struct["abort_callback_data"];
    public int Embeddings { get; } = Struct["embeddings"];
    public int OffloadKqv { get; } = Struct["offload_kqv"];
    public int NoPerf { get; } = Struct["no_perf"];
    public int OpOffload { get; } = Struct["op_offload"];
    public int SwaFull { get; } = Struct["swa_full"];
    public int KvUnified { get; } = Struct["kv_unified"];

    // the same in both releases; each wrong assumption about what comes before shifts all of it
    static LlamaLayoutStruct Tail(LlamaLayoutStruct head) => head
        .Field("n_threads", 4)
        .Field("n_threads_batch", 4)
        .Field("ctx_type", 0)
        .Field("rope_scaling_type", -1)
        .Field("pooling_type", -1)
        .Field("attention_type", -1)
        .Field("flash_attn_type", -1)
        .Field("rope_freq_base", 0f)
        .Field("rope_freq_scale", 0f)
        .Field("yarn_ext_factor", -1f)
        .Unchecked<float>("yarn_attn_factor")
        .Unchecked<float>("yarn_beta_fast")
        .Unchecked<float>("yarn_beta_slow")
        .Field("yarn_orig_ctx", 0u)
        .Field("defrag_thold", -1f)
        .Pointer("cb_eval")
        .Pointer("cb_eval_user_data")
        .Field("type_k", 1)
        .Field("type_v", 1)
        .Pointer("abort_callback")
        .Pointer("abort_callback_data")
        .Flag("embeddings", false)
        .Flag("offload_kqv", true)
        .Flag("no_perf", true)
        .Flag("op_offload", true)
        .Flag("swa_full", true)
        .Flag("kv_unified", false)
        .Pointer("samplers")
        .Field("n_samplers", 0L);
}
