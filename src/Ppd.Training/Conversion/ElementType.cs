using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace Ppd.Training.Conversion;

/// <summary>How a checkpoint stores its numbers, little-endian.</summary>
enum ElementType
{
    F32,
    F16,
    BF16,
}

static class ElementTypes
{
    public static int Bytes(this ElementType type) => type == ElementType.F32 ? sizeof(float) : sizeof(ushort);

    public static float[] ToFloats(this ElementType type, ReadOnlySpan<byte> bytes)
    {
        var values = new float[bytes.Length / type.Bytes()];
        switch (type)
        {
            case ElementType.F32:
                MemoryMarshal.Cast<byte, float>(bytes).CopyTo(values);
                break;
            case ElementType.F16:
                TensorPrimitives.ConvertToSingle(MemoryMarshal.Cast<byte, Half>(bytes), values);
                break;
            case ElementType.BF16:
                var halves = MemoryMarshal.Cast<byte, ushort>(bytes);   // the upper half of a float
                for (var i = 0; i < values.Length; i++) values[i] = BitConverter.UInt32BitsToSingle((uint)halves[i] << 16);
                break;
        }
        return values;
    }
}
