using System.Runtime.InteropServices;
using Ppd.Native;

namespace Ppd.Testing;

/// <summary>Packs rows with ggml's own quantisation (<c>ggml_quantize_chunk</c>), for <see cref="RandomModelOptions.Quantise"/>.</summary>
public static class GgmlQuantiser
{
    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    delegate nuint QuantizeChunk(int type, float[] values, byte[] packed, long start, long rows, long rowLength, nint importance);

    /// <param name="ggmlBase">The loaded library file (<c>LlamaLibrary.Location.GgmlBase</c>).</param>
    public static Func<RandomWeightType, float[], int, byte[]> Of(string ggmlBase)
    {
        var quantise = Marshal.GetDelegateForFunctionPointer<QuantizeChunk>(NativeLibrary.GetExport(NativeLibrary.Load(ggmlBase), "ggml_quantize_chunk"));
        return (type, values, rowLength) =>
        {
            var packed = new byte[((GgmlType)type).RowBytes(values.Length)];
            quantise((int)type, values, packed, 0, values.Length / rowLength, rowLength, 0);
            return packed;
        };
    }
}
