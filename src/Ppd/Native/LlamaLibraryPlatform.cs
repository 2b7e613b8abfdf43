using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace Ppd.Native;

/// <summary>How this machine names libraries, and which of LLamaSharp's CPU builds it can run.</summary>
/// <param name="Rid">Portable runtime identifier, as the folders under <c>runtimes</c> are named.</param>
/// <param name="CpuVariants">LLamaSharp's sub-folder names this CPU can run, best first; empty where that package has one build.</param>
sealed record LlamaLibraryPlatform(string Rid, IReadOnlyList<string> CpuVariants)
{
    public static LlamaLibraryPlatform Current { get; } = new(CurrentRid(), CurrentCpuVariants());

    public string Prefix => Rid.StartsWith("win") ? "" : "lib";

    public string Extension => Rid.StartsWith("win") ? ".dll" : Rid.StartsWith("osx") ? ".dylib" : ".so";

    /// <summary>ggml builds its backends as modules, which are called .so on macOS too.</summary>
    public string BackendExtension => Rid.StartsWith("osx") ? ".so" : Extension;

    public string FileName(string stem) => Prefix + stem + Extension;

    // RuntimeInformation.RuntimeIdentifier names the distribution where the distribution built .NET
    static string CurrentRid()
    {
        string system = OperatingSystem.IsWindows() ? "win"
            : OperatingSystem.IsMacOS() ? "osx"
            : RuntimeInformation.RuntimeIdentifier is var rid && (rid.Contains("musl") || rid.StartsWith("alpine")) ? "linux-musl"
            : "linux";
        return $"{system}-{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}";
    }

    static IReadOnlyList<string> CurrentCpuVariants()
    {
        if (RuntimeInformation.ProcessArchitecture != Architecture.X64)
            return [];
        if (OperatingSystem.IsMacOS())
            return Avx.IsSupported ? [] : ["rosetta2"];
        List<string> variants = [];
        // what llama.cpp compiles its AVX-512 build with: F, CD, VL, DQ and BW
        if (Avx512F.VL.IsSupported && Avx512CD.IsSupported && Avx512DQ.IsSupported && Avx512BW.IsSupported)
            variants.Add("avx512");
        if (Avx2.IsSupported && Fma.IsSupported && Bmi2.IsSupported)
            variants.Add("avx2");
        if (Avx.IsSupported)
            variants.Add("avx");
        variants.Add("noavx");
        return variants;
    }
}
