namespace Ppd.Native;

/// <summary>The files of one llama.cpp build.</summary>
/// <param name="Folder">Where ggml looks for its backends; empty for libraries the system finds by name.</param>
/// <param name="Llama">Path of the llama library.</param>
/// <param name="Ggml">Path of the ggml library.</param>
/// <param name="GgmlBase">Path of the ggml-base library.</param>
/// <param name="Backends">Backends that ggml may be linked against, in loading order; the CPU one can lie in another folder.</param>
sealed record LlamaLibraryLocation(string Folder, string Llama, string Ggml, string GgmlBase, IReadOnlyList<string> Backends);

/// <summary>A place that was looked at: either a build is there, or a reason why not.</summary>
readonly record struct LlamaLibraryPlace(string Path, LlamaLibraryLocation? Location, string Reason);
