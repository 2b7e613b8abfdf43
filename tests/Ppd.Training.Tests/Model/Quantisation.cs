using System.Runtime.InteropServices;
using Ppd.Native;
using Ppd.Testing;

namespace Ppd.Training.Tests.Model;

/// <summary>ggml's own packing of rows.</summary>
static unsafe class Quantisation
{
    public static byte[] Pack(RandomWeightType type, float[] values, int rowLength)
    {
        var library = LlamaLibrary.Load(null, null);
        var pack = (delegate* unmanaged[Cdecl]<int, float*, void*, long, long, long, float*, nuint>)
            NativeLibrary.GetExport(NativeLibrary.Load(library.Location.GgmlBase), "ggml_quantize_chunk");
        var packed = new byte[((GgmlType)type).RowBytes(values.Length)];
        fixed (float* from = values)
        fixed (byte* to = packed)
            pack((int)type, from, to, 0, values.Length / rowLength, rowLength, null);
        return packed;
    }
}
