using System.Diagnostics.CodeAnalysis;

namespace Ppd.Native;

/// <summary>Element type of a tensor as numbered in GGUF files and in ggml of llama.cpp v0.5.0.</summary>
enum GgmlType
{
    F32 = 0,
    F16 = 1,
    Q4_0 = 2,
    Q4_1 = 3,
    Q5_0 = 6,
    Q5_1 = 7,
    Q8_0 = 8,
    Q8_1 = 9,
    Q2_K = 10,
    Q3_K = 11,
    Q4_K = 12,
    Q5_K = 13,
    Q6_K = 14,
    Q8_K = 15,
    IQ2_XXS = 16,
    IQ2_XS = 17,
    IQ3_XXS = 18,
    IQ1_S = 19,
    IQ4_NL = 20,
    IQ3_S = 21,
    IQ2_S = 22,
    IQ4_XS = 23,
    I8 = 24,
    I16 = 25,
    I32 = 26,
    I64 = 27,
    F64 = 28,
    IQ1_M = 29,
    BF16 = 30,
    TQ1_0 = 34,
    TQ2_0 = 35,
    MXFP4 = 39,
    NVFP4 = 40,
    Q1_0 = 41,
    Q2_0 = 42,
}

/// <summary>Storage of one type: <paramref name="BlockSize"/> elements of a row are packed into <paramref name="BlockBytes"/> bytes.</summary>
/// <param name="Name">As llama.cpp prints it.</param>
/// <param name="BlockSize">Elements; a row length must be a multiple of it.</param>
/// <param name="BlockBytes">Bytes.</param>
/// <param name="IsWeight">Whether ggml's CPU backend can both fetch rows of it and multiply by it. The others abort or dereference null there.</param>
readonly record struct GgmlTypeInfo(string Name, int BlockSize, int BlockBytes, bool IsWeight);

/// <summary>Block layouts of every type that llama.cpp v0.5.0 reads.</summary>
static class GgmlTypes
{
    // Numbers 4, 5, 31..33 and 36..38 were removed from the format and have no layout.
    static readonly Dictionary<GgmlType, GgmlTypeInfo> Table = new()
    {
        [GgmlType.F32] = new("F32", 1, 4, true),
        [GgmlType.F16] = new("F16", 1, 2, true),
        [GgmlType.BF16] = new("BF16", 1, 2, true),
        [GgmlType.Q4_0] = new("Q4_0", 32, 18, true),
        [GgmlType.Q4_1] = new("Q4_1", 32, 20, true),
        [GgmlType.Q5_0] = new("Q5_0", 32, 22, true),
        [GgmlType.Q5_1] = new("Q5_1", 32, 24, true),
        [GgmlType.Q8_0] = new("Q8_0", 32, 34, true),
        [GgmlType.Q2_K] = new("Q2_K", 256, 84, true),
        [GgmlType.Q3_K] = new("Q3_K", 256, 110, true),
        [GgmlType.Q4_K] = new("Q4_K", 256, 144, true),
        [GgmlType.Q5_K] = new("Q5_K", 256, 176, true),
        [GgmlType.Q6_K] = new("Q6_K", 256, 210, true),
        [GgmlType.IQ1_S] = new("IQ1_S", 256, 50, true),
        [GgmlType.IQ1_M] = new("IQ1_M", 256, 56, true),
        [GgmlType.IQ2_XXS] = new("IQ2_XXS", 256, 66, true),
        [GgmlType.IQ2_XS] = new("IQ2_XS", 256, 74, true),
        [GgmlType.IQ2_S] = new("IQ2_S", 256, 82, true),
        [GgmlType.IQ3_XXS] = new("IQ3_XXS", 256, 98, true),
        [GgmlType.IQ3_S] = new("IQ3_S", 256, 110, true),
        [GgmlType.IQ4_NL] = new("IQ4_NL", 32, 18, true),
        [GgmlType.IQ4_XS] = new("IQ4_XS", 256, 136, true),
        [GgmlType.TQ1_0] = new("TQ1_0", 256, 54, true),
        [GgmlType.TQ2_0] = new("TQ2_0", 256, 66, true),
        [GgmlType.MXFP4] = new("MXFP4", 32, 17, true),
        [GgmlType.NVFP4] = new("NVFP4", 64, 36, true),
        [GgmlType.Q1_0] = new("Q1_0", 128, 18, true),
        [GgmlType.Q2_0] = new("Q2_0", 64, 18, true),
        [GgmlType.Q8_1] = new("Q8_1", 32, 36, false), // activations only
        [GgmlType.Q8_K] = new("Q8_K", 256, 292, false), // activations only
        [GgmlType.I8] = new("I8", 1, 1, false),
        [GgmlType.I16] = new("I16", 1, 2, false),
        [GgmlType.I32] = new("I32", 1, 4, false),
        [GgmlType.I64] = new("I64", 1, 8, false),
        [GgmlType.F64] = new("F64", 1, 8, false),
    };

    /// <summary>All types with a layout.</summary>
    public static IReadOnlyCollection<GgmlType> All => Table.Keys;

    /// <summary>False for numbers that are unknown or were removed from the format.</summary>
    public static bool TryGet(uint number, [NotNullWhen(true)] out GgmlTypeInfo? info)
    {
        info = number <= int.MaxValue && Table.TryGetValue((GgmlType)number, out var found) ? found : null;
        return info is not null;
    }

    public static GgmlTypeInfo Info(this GgmlType type) => Table[type];

    /// <summary>Bytes of a row of <paramref name="elements"/> elements, which must be a multiple of the block size.</summary>
    public static long RowBytes(this GgmlType type, long elements)
    {
        var info = Table[type];
        return elements / info.BlockSize * info.BlockBytes;
    }
}
