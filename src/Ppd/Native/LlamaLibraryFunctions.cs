using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Ppd.Native;

/// <summary>The C functions <see cref="LlamaLibrary"/> needs itself; usable once a library is loaded.</summary>
static unsafe partial class LlamaLibraryFunctions
{
    [LibraryImport("llama")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial void llama_backend_init();

    [LibraryImport("llama")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial byte* llama_print_system_info();

    [LibraryImport("ggml")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial nuint ggml_backend_dev_count();

    [LibraryImport("ggml")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial nint ggml_backend_dev_get(nuint index);

    [LibraryImport("ggml-base")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial byte* ggml_backend_dev_name(nint device);

    [LibraryImport("ggml-base")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial byte* ggml_backend_dev_description(nint device);

    [LibraryImport("ggml-base")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial void ggml_backend_dev_memory(nint device, nuint* free, nuint* total);

    [LibraryImport("ggml-base")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial LlamaDeviceType ggml_backend_dev_type(nint device);
}
