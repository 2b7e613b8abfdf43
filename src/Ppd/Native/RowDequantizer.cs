using System.Runtime.InteropServices;

namespace Ppd.Native;

/// <summary>ggml's own conversion of stored rows to floats: training sees the weights that will run, bit for bit.</summary>
sealed unsafe class RowDequantizer
{
    readonly delegate* unmanaged[Cdecl]<void*, float*, long, void> _toFloat;
    readonly GgmlType _type;

    /// <exception cref="PpdModelLoadException">ggml cannot convert this type.</exception>
    public RowDequantizer(LlamaLibrary library, GgmlType type)
    {
        _type = type;
        if (type == GgmlType.F32) return;
        var ggml = NativeLibrary.Load(library.Location.GgmlBase);    // loaded already: the same library again
        var traits = ((delegate* unmanaged[Cdecl]<int, TypeTraits*>)NativeLibrary.GetExport(ggml, "ggml_get_type_traits"))((int)type);
        _toFloat = traits->ToFloat;
        if (_toFloat == null || traits->BlockSize != type.Info().BlockSize || (int)traits->TypeSize != type.Info().BlockBytes)
            throw new PpdModelLoadException($"llama.cpp {library.Version} has no conversion from {type} to floats, so word embeddings of that type cannot be read.");
    }

    /// <summary>Converts one row.</summary>
    public void Convert(ReadOnlySpan<byte> row, Span<float> values)
    {
        if (_type.RowBytes(values.Length) != row.Length) throw new ArgumentException($"{values.Length} elements of {_type} are not {row.Length} bytes.");
        if (_toFloat == null)
        {
            MemoryMarshal.Cast<byte, float>(row).CopyTo(values);
            return;
        }
        fixed (byte* source = row)
        fixed (float* target = values)
            _toFloat(source, target, values.Length);
    }

    // struct ggml_type_traits of ggml.h
    [StructLayout(LayoutKind.Sequential)]
    struct TypeTraits
    {
        public byte* Name;
        public long BlockSize;
        public long Interleave;
        public nuint TypeSize;
        public byte IsQuantized;
        public delegate* unmanaged[Cdecl]<void*, float*, long, void> ToFloat;
    }
}
