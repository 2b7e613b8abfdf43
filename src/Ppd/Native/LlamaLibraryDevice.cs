using System.Runtime.InteropServices;

namespace Ppd.Native;

/// <summary>Values of <c>ggml_backend_dev_type</c>.</summary>
enum LlamaDeviceType
{
    Cpu,
    Gpu,
    IntegratedGpu,
    Accelerator,
    Meta,
}

/// <summary>A device ggml can compute on. Memory is in bytes, as it was when the library was loaded; 0 where the backend does not say.</summary>
sealed record LlamaLibraryDevice(string Name, string Description, LlamaDeviceType Type, long FreeMemory, long TotalMemory)
{
    public static unsafe IReadOnlyList<LlamaLibraryDevice> ReadAll()
    {
        List<LlamaLibraryDevice> devices = [];
        for (nuint i = 0; i < LlamaLibraryFunctions.ggml_backend_dev_count(); i++)
        {
            nint device = LlamaLibraryFunctions.ggml_backend_dev_get(i);
            nuint free, total;
            LlamaLibraryFunctions.ggml_backend_dev_memory(device, &free, &total);
            devices.Add(new(
                Marshal.PtrToStringUTF8((nint)LlamaLibraryFunctions.ggml_backend_dev_name(device)) ?? "",
                Marshal.PtrToStringUTF8((nint)LlamaLibraryFunctions.ggml_backend_dev_description(device)) ?? "",
                LlamaLibraryFunctions.ggml_backend_dev_type(device),
                (long)free,
                (long)total));
        }
        return devices;
    }
}
