namespace Ppd.Native;

/// <summary>What the graph of an architecture assumes about its hyperparameters; llama.cpp asserts these and aborts otherwise.</summary>
[Flags]
enum GgufTraits
{
    None = 0,
    /// <summary>Layer norm, hence the key layer_norm_epsilon; RMS norm and layer_norm_rms_epsilon without this trait.</summary>
    LayerNorm = 1,
    /// <summary>One learned vector per position: a position past the context length aborts. No rotary embedding.</summary>
    LearnedPositions = 2,
    /// <summary>The rotary embedding may cover only the first part of a head; it must cover all of it without this trait.</summary>
    PartialRope = 4,
    /// <summary>Heads may have any length; heads × length must equal the embedding length without this trait.</summary>
    FreeHeadLength = 8,
    /// <summary>May have experts.</summary>
    Experts = 16,
    /// <summary>Some layers attend to a window only, always.</summary>
    Window = 32,
    /// <summary>Some layers attend to a window only if attention.sliding_window is there and positive.</summary>
    WindowByKey = 64,
    /// <summary>Rotary embedding over several axes: four positions per row.</summary>
    MultiAxisRope = 128,
    /// <summary>Rotary embedding over several axes if rope.dimension_sections says so; otherwise embedding rows abort.</summary>
    MultiAxisRopeByKey = 256,
}

/// <summary>An architecture whose loading and graph code in llama.cpp v0.5.0 was read for what a file can break.</summary>
/// <param name="Name">Value of general.architecture and prefix of the hyperparameter keys.</param>
/// <param name="Traits">Assumptions of its graph.</param>
/// <param name="WindowPeriod">With a window: every so many layers one attends to everything, unless the file says otherwise.</param>
/// <param name="DefaultWindow">With a window: its length where the file has none; 0 means that the key is required.</param>
sealed record GgufArchitecture(string Name, GgufTraits Traits, int WindowPeriod = 0, int DefaultWindow = 0)
{
    static readonly Dictionary<string, GgufArchitecture> Supported = new GgufArchitecture[]
    {
        new("llama", GgufTraits.FreeHeadLength | GgufTraits.Experts),
        new("arcee", GgufTraits.FreeHeadLength),
        new("chatglm", GgufTraits.PartialRope),
        new("cohere2", GgufTraits.LayerNorm | GgufTraits.PartialRope | GgufTraits.Window, WindowPeriod: 4),
        new("command-r", GgufTraits.LayerNorm | GgufTraits.PartialRope),
        new("ernie4_5", GgufTraits.FreeHeadLength),
        new("exaone", GgufTraits.FreeHeadLength),
        new("falcon", GgufTraits.LayerNorm),
        new("gemma", GgufTraits.FreeHeadLength | GgufTraits.PartialRope),
        new("gemma2", GgufTraits.FreeHeadLength | GgufTraits.PartialRope | GgufTraits.Window, WindowPeriod: 2, DefaultWindow: 4096),
        new("gemma3", GgufTraits.FreeHeadLength | GgufTraits.PartialRope | GgufTraits.WindowByKey, WindowPeriod: 6),
        new("glm4", GgufTraits.FreeHeadLength | GgufTraits.PartialRope | GgufTraits.MultiAxisRopeByKey),
        new("gpt-oss", GgufTraits.FreeHeadLength | GgufTraits.Experts | GgufTraits.Window, WindowPeriod: 2),
        new("gpt2", GgufTraits.LayerNorm | GgufTraits.LearnedPositions),
        new("gptneox", GgufTraits.LayerNorm | GgufTraits.PartialRope),
        new("granite", GgufTraits.FreeHeadLength | GgufTraits.Experts),
        new("granitemoe", GgufTraits.FreeHeadLength | GgufTraits.Experts),
        new("internlm2", GgufTraits.None),
        new("minicpm", GgufTraits.FreeHeadLength),
        new("mistral3", GgufTraits.FreeHeadLength | GgufTraits.Experts),
        new("nemotron", GgufTraits.LayerNorm | GgufTraits.PartialRope),
        new("olmo", GgufTraits.LayerNorm),
        new("olmo2", GgufTraits.WindowByKey, WindowPeriod: 4),
        new("olmoe", GgufTraits.Experts),
        new("orion", GgufTraits.LayerNorm),
        new("phi2", GgufTraits.LayerNorm | GgufTraits.PartialRope),
        new("phi3", GgufTraits.PartialRope),
        new("phimoe", GgufTraits.PartialRope | GgufTraits.Experts),
        new("qwen2", GgufTraits.None),
        new("qwen2moe", GgufTraits.Experts),
        new("qwen2vl", GgufTraits.MultiAxisRope),
        new("qwen3", GgufTraits.FreeHeadLength),
        new("qwen3moe", GgufTraits.FreeHeadLength | GgufTraits.Experts),
        new("qwen3vl", GgufTraits.FreeHeadLength | GgufTraits.MultiAxisRope),
        new("seed_oss", GgufTraits.FreeHeadLength),
        new("smollm3", GgufTraits.FreeHeadLength),
        new("stablelm", GgufTraits.LayerNorm | GgufTraits.PartialRope),
        new("starcoder", GgufTraits.LayerNorm | GgufTraits.LearnedPositions),
        new("starcoder2", GgufTraits.LayerNorm),
        new("xverse", GgufTraits.None),
    }.ToDictionary(architecture => architecture.Name);

    static readonly Dictionary<string, string> Refused = new (string Reason, string Names)[]
    {
        ("keeps a recurrent state, which cannot be rolled back to the accepted part of a token tree",
            "mamba mamba2 rwkv6 rwkv6qwen2 rwkv7 arwkv7"),
        ("has recurrent or convolution layers, whose state cannot be rolled back to the accepted part of a token tree",
            "jamba falcon-h1 plamo2 granitehybrid lfm2 lfm2moe nemotron_h nemotron_h_moe qwen3next kimi-linear kimi-k3 bailingmoe3 " +
            "qwen35 qwen35moe qwen4exp deepseek4 minimax-01"),
        ("is an encoder, which produces embeddings and not text",
            "bert modern-bert nomic-bert nomic-bert-moe neo-bert jina-bert-v2 jina-bert-v3 eurobert gemma-embedding llama-embed t5encoder"),
        ("is an encoder-decoder, which this library does not drive", "t5"),
        ("generates by diffusion and not token after token", "dream llada llada-moe rnd1"),
        ("is a part of another model or no text model", "clip wavtokenizer-dec pockettts qwen3tts eagle3 dflash gemma4-assistant"),
    }.SelectMany(group => group.Names.Split(' ').Select(name => (name, group.Reason))).ToDictionary();

    public bool Has(GgufTraits trait) => (Traits & trait) != 0;

    /// <exception cref="PpdModelLoadException">The file names no architecture, or one that is not supported.</exception>
    public static GgufArchitecture Of(GgufFile file)
    {
        string name = file.Metadata.GetRequired<string>("general.architecture");
        if (Supported.TryGetValue(name, out var architecture))
            return architecture;
        string shown = name.Length > 64 ? name[..64] + "…" : name;
        string problem = Refused.TryGetValue(name, out var reason)
            ? $"Architecture '{shown}' of '{file.Path}' {reason}."
            : $"Architecture '{shown}' of '{file.Path}' is not one that this library has checked against llama.cpp v0.5.0.";
        throw new PpdModelLoadException($"{problem} Supported: {string.Join(", ", Supported.Keys)}.");
    }
}
