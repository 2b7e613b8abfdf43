namespace Ppd.Native;

/// <summary>Where a llama.cpp release keeps the fields of its parameter structs.</summary>
/// <param name="Name">The release line, for messages.</param>
/// <param name="Tested">What the version string of a build this was tested with contains.</param>
/// <param name="Model">Offsets in <c>llama_model_params</c>.</param>
/// <param name="Context">Offsets in <c>llama_context_params</c>.</param>
sealed record LlamaLayout(string Name, IReadOnlyList<string> Tested, LlamaLayoutModel Model, LlamaLayoutContext Context)
{
    /// <summary>The releases in the npm packages <c>@node-llama-cpp</c> 3.21.1 and 3.22.1.</summary>
    public static LlamaLayout V050 { get; } =
        new("llama.cpp 0.4/0.5", ["0.4.0", "0.5.0"], LlamaLayoutModel.V050, LlamaLayoutContext.V050);

    /// <summary>llama.cpp commit c0c7e147, as in the NuGet packages <c>LLamaSharp.Backend</c> 0.28.0.</summary>
    public static LlamaLayout LLamaSharp028 { get; } =
        new("LLamaSharp 0.28", ["c0c7e147"], LlamaLayoutModel.LLamaSharp028, LlamaLayoutContext.LLamaSharp028);

    static readonly LlamaLayout[] Supported = [V050, LLamaSharp028];

    /// <summary>
    /// Whether <c>llama_sampler_init_penalties</c> begins with the vocabulary size: so in llama.cpp 0.4.0 and 0.5.0, not in c0c7e147.
    /// </summary>
    public bool PenaltiesTakeVocabularySize => this == V050;

    public bool IsTested(string version) => Tested.Any(version.Contains);

    /// <summary>
    /// The layout whose known defaults are all where it says. The version cannot decide: it does not tell own builds apart,
    /// and a wrong offset writes a thread count into a pointer.
    /// </summary>
    /// <param name="modelDefaults">What <c>llama_model_default_params</c> returned; may be longer than the struct.</param>
    /// <param name="contextDefaults">What <c>llama_context_default_params</c> returned; may be longer than the struct.</param>
    /// <param name="version">Named in the error.</param>
    /// <exception cref="PpdModelLoadException">No supported layout fits.</exception>
    public static LlamaLayout Detect(ReadOnlySpan<byte> modelDefaults, ReadOnlySpan<byte> contextDefaults, string version)
    {
        List<string> differences = [];
        foreach (LlamaLayout layout in Supported)
        {
            string? difference = layout.Model.Struct.FirstDifference(modelDefaults)
                ?? layout.Context.Struct.FirstDifference(contextDefaults);
            if (difference is null)
                return layout;
            differences.Add($"{layout.Name}: {difference}");
        }
        throw new PpdModelLoadException(
            $"This llama.cpp library (version {version}) is not supported: its default parameters " +
            $"do not have the layout of a supported release ({string.Join("; ", differences)}). " +
            "Supported are llama.cpp 0.4.0 and 0.5.0 (npm @node-llama-cpp 3.21.1 and 3.22.1) and LLamaSharp.Backend 0.28.0 (NuGet). " +
            "It is probably an older or newer llama.cpp; use one of these, or change PPD_LLAMA_LIBRARY if that names it.");
    }
}
