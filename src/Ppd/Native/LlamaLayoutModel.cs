namespace Ppd.Native;

/// <summary>Byte offsets in <c>llama_model_params</c>; null where the release has no such field.</summary>
sealed record LlamaLayoutModel(LlamaLayoutStruct Struct)
{
    public static LlamaLayoutModel V050 { get; } = new(new LlamaLayoutStruct("llama_model_params")
        .Pointer("devices")
        .Pointer("tensor_buft_overrides")
        .Field("n_gpu_layers", -1)
        .Field("split_mode", 1)
        .Field("load_mode", -1)
        .Field("lazy_mode", 1)
        .Field("main_gpu", 0)
        .Pointer("tensor_split")
        .Pointer("progress_callback")
        .Pointer("progress_callback_user_data")
        .Pointer("kv_overrides")
        .Flag("vocab_only", false)
        .Flag("check_tensors", false)
        .Flag("use_extra_bufts", true)
        .Flag("no_host", false)
        .Flag("no_alloc", false)
        .Flag("load_mtp", false));

    public static LlamaLayoutModel LLamaSharp028 { get; } = new(new LlamaLayoutStruct("llama_model_params")
        .Pointer("devices")
        .Pointer("tensor_buft_overrides")
        .Field("n_gpu_layers", -1)
        .Field("split_mode", 1)
        .Field("main_gpu", 0)
        .Pointer("tensor_split")
        .Pointer("progress_callback")
        .Pointer("progress_callback_user_data")
        .Pointer("kv_overrides")
        .Flag("vocab_only", false)
        .Flag("use_mmap", true)
        .Unchecked<byte>("use_direct_io")
        .Flag("use_mlock", false)
        .Flag("check_tensors", false)
        .Flag("use_extra_bufts", true)
        .Flag("no_host", false)
        .Flag("no_alloc", false));

    public int Size => Struct.Size;
    public int Devices { get; } = Struct["devices"];
    public int TensorBuftOverrides { get; } = Struct["tensor_buft_overrides"];
    public int NGpuLayers { get; } = Struct["n_gpu_layers"];
    public int SplitMode { get; } = Struct["split_mode"];
    public int? LoadMode { get; } = Struct.Find("load_mode");
    public int? LazyMode { get; } = Struct.Find("lazy_mode");
    public int MainGpu { get; } = Struct["main_gpu"];
    public int TensorSplit { get; } = Struct["tensor_split"];
    public int ProgressCallback { get; } = Struct["progress_callback"];
    public int ProgressCallbackUserData { get; } = Struct["progress_callback_user_data"];
    public int KvOverrides { get; } = Struct["kv_overrides"];
    public int VocabOnly { get; } = Struct["vocab_only"];
    public int? UseMmap { get; } = Struct.Find("use_mmap");
    public int? UseDirectIo { get; } = Struct.Find("use_direct_io");
    public int? UseMlock { get; } = Struct.Find("use_mlock");
    public int CheckTensors { get; } = Struct["check_tensors"];
    public int UseExtraBufts { get; } = Struct["use_extra_bufts"];
    public int NoHost { get; } = Struct["no_host"];
    public int NoAlloc { get; } = Struct["no_alloc"];
    public int? LoadMtp { get; } = Struct.Find("load_mtp");
}
