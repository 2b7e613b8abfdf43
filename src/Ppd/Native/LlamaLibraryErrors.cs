namespace Ppd.Native;

/// <summary>The texts of everything that can go wrong before llama.cpp runs, in one place to be read in one sitting.</summary>
static class LlamaLibraryErrors
{
    public const string Not64Bit =
        "llama.cpp needs a 64-bit process and this one has 32 bits; remove PlatformTarget x86 or Prefer32Bit from the application.";

    public static string NotFound(string? path, string? environmentPath, IReadOnlyList<string> tried)
    {
        string asked = !string.IsNullOrEmpty(path) ? $" at the given path {path}"
            : !string.IsNullOrEmpty(environmentPath) ? $" at {environmentPath}, which {LlamaLibraryLocator.EnvironmentVariable} names"
            : "";
        return $"""
            llama.cpp could not be loaded{asked}. Looked at:
            {string.Join('\n', tried.Select(place => "  " + place))}
            What helps: in this repository build with -p:LlamaRuntime=npm; elsewhere reference the NuGet package LLamaSharp.Backend.Cpu 0.28.0,
            or let the option or {LlamaLibraryLocator.EnvironmentVariable} name a llama.cpp folder with the llama, ggml and ggml-base libraries.
            """;
    }

    public static string NoBackend(LlamaLibraryLocation location) =>
        $"llama.cpp at {location.Llama} has no backend to compute with: ggml found none in '{location.Folder}' that this CPU can run. " +
        "The folder needs the ggml-cpu libraries of the same build beside llama; copy them there, or choose another build.";

    public static string MissingFunction(LlamaLibraryLocation location, string detail) =>
        $"{location.Llama} is not a llama.cpp library this can use: {detail} " +
        "It is probably another library of that name, or a much older llama.cpp.";

    public static string OtherLoaded(LlamaLibraryLocation loaded, string path) =>
        $"llama.cpp is loaded from {loaded.Llama} already and cannot be loaded a second time from {path}: a process has one llama.cpp. " +
        "Give every model the same library path, or none.";
}
