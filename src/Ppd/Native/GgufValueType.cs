namespace Ppd.Native;

/// <summary>Type number of a metadata value in a GGUF file.</summary>
enum GgufValueType : uint
{
    UInt8 = 0,
    Int8 = 1,
    UInt16 = 2,
    Int16 = 3,
    UInt32 = 4,
    Int32 = 5,
    Float32 = 6,
    Bool = 7,
    String = 8,
    Array = 9,
    UInt64 = 10,
    Int64 = 11,
    Float64 = 12,
}

static class GgufValueTypes
{
    /// <summary>Bytes of one value; 0 for strings and arrays, whose length is stored with them.</summary>
    public static int Size(this GgufValueType type) => type switch
    {
        GgufValueType.UInt8 or GgufValueType.Int8 or GgufValueType.Bool => 1,
        GgufValueType.UInt16 or GgufValueType.Int16 => 2,
        GgufValueType.UInt32 or GgufValueType.Int32 or GgufValueType.Float32 => 4,
        GgufValueType.UInt64 or GgufValueType.Int64 or GgufValueType.Float64 => 8,
        _ => 0,
    };

    /// <summary>The file type that holds a .NET <typeparamref name="T"/>; arrays are asked for by their element.</summary>
    public static GgufValueType Of<T>() => Of(typeof(T));

    /// <inheritdoc cref="Of{T}"/>
    public static GgufValueType Of(Type type) => type.IsEnum
        ? throw new NotSupportedException($"GGUF metadata has no type for {type}.")
        : Type.GetTypeCode(type) switch
        {
            TypeCode.String => GgufValueType.String,
            TypeCode.Byte => GgufValueType.UInt8,
            TypeCode.SByte => GgufValueType.Int8,
            TypeCode.UInt16 => GgufValueType.UInt16,
            TypeCode.Int16 => GgufValueType.Int16,
            TypeCode.UInt32 => GgufValueType.UInt32,
            TypeCode.Int32 => GgufValueType.Int32,
            TypeCode.Single => GgufValueType.Float32,
            TypeCode.Boolean => GgufValueType.Bool,
            TypeCode.UInt64 => GgufValueType.UInt64,
            TypeCode.Int64 => GgufValueType.Int64,
            TypeCode.Double => GgufValueType.Float64,
            _ => throw new NotSupportedException($"GGUF metadata has no type for {type}."),
        };
}
