namespace Ppd;

/// <summary>Whether attention runs in llama.cpp's fused kernel.</summary>
public enum PpdFlashAttention
{
    /// <summary>As measured by <c>ppd tune</c>; else on where a GPU holds layers, off on the CPU, whose kernel is slower from 8 rows on and less exact.</summary>
    Auto,

    /// <summary>Always on.</summary>
    On,

    /// <summary>Always off.</summary>
    Off,
}

/// <summary>How a model is loaded. Read once, when it is; invalid values are reported together then.</summary>
public sealed class PpdModelOptions
{
    /// <summary>The small model that comes with this library: English, a narrow domain, for first steps and tests. See its card in <c>models/README.md</c>.</summary>
    public static string DefaultModelPath => Path.Combine(AppContext.BaseDirectory, "models", "ppd-demo.gguf");

    /// <summary>Path of the GGUF file. Default: <see cref="DefaultModelPath"/>.</summary>
    public string ModelPath { get; set; } = DefaultModelPath;

    /// <summary>Name the model goes by in responses and in service selection. Default: <c>general.name</c> of the file, else its file name.</summary>
    public string? ModelId { get; set; }

    /// <summary>File or folder of the llama.cpp library. Default: environment variable <c>PPD_LLAMA_LIBRARY</c>, the application folder, the system.</summary>
    public string? LibraryPath { get; set; }

    /// <summary>Tokens of one conversation, prompt and reply together. Default: what the model was trained for, at most 4,096.</summary>
    /// <remarks>Every slot reserves this many cells of KV cache when the model loads.</remarks>
    public int? ContextLength { get; set; }

    /// <summary>Requests served at once, 1 to 64. Default 4. Each takes memory for a context of its own.</summary>
    public int Slots { get; set; } = 4;

    /// <summary>Requests that may wait for a slot before <see cref="PpdQueueFullException"/> is thrown. Default 64.</summary>
    public int QueueLimit { get; set; } = 64;

    /// <summary>
    /// Most prompt tokens decoded in one forward pass, 1 to 8,192. Default: as measured by <c>ppd tune</c>, else 512. Larger uses more memory; smaller lets a cancellation
    /// take effect sooner.
    /// </summary>
    public int? BatchSize { get; set; }

    /// <summary>Threads of the CPU backend. Default: as measured by <c>ppd tune</c>, else processors minus one; one where the environment variable <c>CI</c> is set.</summary>
    /// <remarks>ggml's threads spin while they wait: more threads than free processors makes a step many times slower.</remarks>
    public int? Threads { get; set; }

    /// <summary>Layers put on the GPU where the runtime has one; -1, the default, means all, 0 none.</summary>
    public int GpuLayers { get; set; } = -1;

    /// <summary>Whether attention runs in the fused kernel. Default <see cref="PpdFlashAttention.Auto"/>.</summary>
    public PpdFlashAttention FlashAttention { get; set; }

    /// <summary>
    /// Whether weights are laid out anew, at the load, for the kernels of this processor. Default: as measured by <c>ppd tune</c>, else true. False loads faster and shares
    /// the memory of the weights with other processes.
    /// </summary>
    public bool? RepackWeights { get; set; }

    /// <summary>Chat template (Jinja) used instead of the file's own.</summary>
    public string? ChatTemplate { get; set; }

    /// <summary>Most guessed tokens verified per step, 0 to 63; 0 decodes plainly. Default 24. The output is the same either way.</summary>
    /// <remarks>The planner takes fewer, or none, where they would not pay: what a step costs by its size is measured when the model loads; with 0 it is not, and requests that ask for guesses all the same learn it on the way.</remarks>
    public int DraftTokens { get; set; } = 24;

    /// <summary>How the guesses of a step are chosen. Default: environment variable <c>PPD_PLAN</c>, else <see cref="PpdPlan.Auto"/>. Others are for measurements.</summary>
    public PpdPlan? Plan { get; set; }

    /// <summary>Whether trained prompt tokens are used where there are any. Default true. The output is the same either way.</summary>
    public bool UsePromptTokens { get; set; } = true;

    /// <summary>
    /// Folder in which measured times of steps are kept, a small file for each model and setting, and the profiles of <c>ppd tune</c>. Default: environment variable <c>PPD_CACHE</c>, else <c>ppd</c> in the user's folder for local application data.
    /// Empty: nothing is kept or looked up, and every load measures again, for up to 1.5 s, or some ten steps of a slow model.
    /// </summary>
    public string? CacheFolder { get; set; }

    /// <summary>File of the model's prompt tokens, made by <c>ppd-train prompt-tokens</c>. Default: <c>model.ppd.gguf</c> beside <c>model.gguf</c>, if it is there.</summary>
    public string? PromptTokenPath { get; set; }

    /// <summary>Told the loaded fraction of the weights, 0 to 1, on the thread that loads; it should return at once.</summary>
    public IProgress<float>? LoadProgress { get; set; }

    /// <summary>Checks what can be checked without the model's file.</summary>
    /// <exception cref="ArgumentException">A value is out of range; the message lists all that are, with what is allowed.</exception>
    public void Validate()
    {
        List<string> errors = [];
        if (string.IsNullOrWhiteSpace(ModelPath)) errors.Add("ModelPath is empty; give the path of a GGUF file.");
        if (PromptTokenPath != null && string.IsNullOrWhiteSpace(PromptTokenPath)) errors.Add("PromptTokenPath is empty; give the path of a .ppd.gguf file, or null for the one beside the model.");
        if (PromptTokenPath != null && !UsePromptTokens) errors.Add("PromptTokenPath is set but UsePromptTokens is false; leave one of them out.");
        Check(errors, nameof(ContextLength), ContextLength ?? 1, 1, int.MaxValue);
        Check(errors, nameof(Slots), Slots, 1, Decoding.EngineSettings.MaxSlots);
        Check(errors, nameof(QueueLimit), QueueLimit, 0, int.MaxValue);
        Check(errors, nameof(BatchSize), BatchSize ?? 1, 1, Planning.MachineSettings.MostBatchSize);
        Check(errors, nameof(Threads), Threads ?? 1, 1, Environment.ProcessorCount);
        Check(errors, nameof(GpuLayers), GpuLayers, -1, int.MaxValue);
        Check(errors, nameof(DraftTokens), DraftTokens, 0, Decoding.EngineSettings.TreeRows - 1);
        if (!Enum.IsDefined(FlashAttention)) errors.Add($"FlashAttention is {(int)FlashAttention}; allowed are Auto, On and Off.");
        if (errors.Count > 0) throw new ArgumentException($"Invalid {nameof(PpdModelOptions)}: {string.Join(" ", errors)}");
    }

    static void Check(List<string> errors, string name, int value, int least, int most)
    {
        if (value < least || value > most) errors.Add($"{name} is {value}; allowed are {least} to {most}.");
    }
}
