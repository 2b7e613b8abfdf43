using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;

namespace Ppd.Native;

/// <summary>Carries llama.cpp's log to an <see cref="ILogger"/>; llama.cpp has one log per process.</summary>
static unsafe class LlamaLibraryLog
{
    static readonly LlamaLibraryLogLines Lines = new();

    public static ILogger Sink
    {
        get => Lines.Sink;
        set => Lines.Sink = value;
    }

    /// <summary>A <c>ggml_log_callback</c>.</summary>
    public static nint Callback => (nint)(delegate* unmanaged[Cdecl]<int, byte*, void*, void>)&Receive;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    static void Receive(int level, byte* text, void* userData)
    {
        try
        {
            Lines.Write(level, Marshal.PtrToStringUTF8((nint)text) ?? "");
        }
        catch (Exception)
        {
            // an exception leaving this method would end the process, and the logger that failed is the only place to tell
        }
    }
}
