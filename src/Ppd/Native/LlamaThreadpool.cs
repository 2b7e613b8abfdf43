using System.Runtime.InteropServices;

namespace Ppd.Native;

/// <summary>
/// A persistent ggml thread pool. Without one llama.cpp makes and joins threads for every graph, which costs two orders of magnitude where cores are shared.
/// </summary>
sealed unsafe partial class LlamaThreadpool : IDisposable
{
    readonly delegate* unmanaged[Cdecl]<nint, void> _free;

    LlamaThreadpool(nint handle, delegate* unmanaged[Cdecl]<nint, void> free)
    {
        Handle = handle;
        _free = free;
    }

    /// <summary><c>ggml_threadpool_t</c>.</summary>
    internal nint Handle { get; private set; }

    /// <summary>Starts a pool (<c>ggml_threadpool_new</c>, which lives in the CPU backend and is reached through its registry).</summary>
    internal static LlamaThreadpool Create(int threads)
    {
        var cpu = ggml_backend_dev_by_type(0);
        if (cpu == 0) throw new PpdModelLoadException("llama.cpp has no CPU backend loaded; the runtime folder is incomplete.");
        var registry = ggml_backend_dev_backend_reg(cpu);
        var create = (delegate* unmanaged[Cdecl]<ThreadpoolParameters*, nint>)Function(registry, "ggml_threadpool_new"u8);
        var free = (delegate* unmanaged[Cdecl]<nint, void>)Function(registry, "ggml_threadpool_free"u8);
        ThreadpoolParameters parameters;
        ggml_threadpool_params_init(&parameters, threads);
        return new LlamaThreadpool(create(&parameters), free);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Handle != 0) _free(Handle);
        Handle = 0;
    }

    static void* Function(nint registry, ReadOnlySpan<byte> name)
    {
        fixed (byte* utf8 = name)
        {
            var function = ggml_backend_reg_get_proc_address(registry, utf8);
            return function != null ? function : throw new PpdModelLoadException("The CPU backend has no thread pool functions; the runtime is not a supported llama.cpp.");
        }
    }

    /// <summary><c>ggml_threadpool_params</c>, 528 bytes, filled by ggml itself.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 528)]
    struct ThreadpoolParameters;

    [LibraryImport("ggml")] private static partial nint ggml_backend_dev_by_type(int type);
    [LibraryImport("ggml-base")] private static partial nint ggml_backend_dev_backend_reg(nint device);
    [LibraryImport("ggml-base")] private static partial void* ggml_backend_reg_get_proc_address(nint registry, byte* name);
    [LibraryImport("ggml-base")] private static partial void ggml_threadpool_params_init(ThreadpoolParameters* parameters, int threads);
}
