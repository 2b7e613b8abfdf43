using System.Globalization;
using System.Runtime.InteropServices;

namespace Ppd.Native;

/// <summary>A field of a C struct and, where it is known, the value the library's defaults have there.</summary>
abstract record LlamaLayoutField(string Name, int Offset)
{
    /// <summary>What is wrong with this field in <paramref name="image"/>; null when it fits or has no known default.</summary>
    public abstract string? Difference(ReadOnlySpan<byte> image);
}

/// <inheritdoc/>
sealed record LlamaLayoutField<T>(string Name, int Offset, T? Default) : LlamaLayoutField(Name, Offset)
    where T : unmanaged, IEquatable<T>, IFormattable
{
    public override string? Difference(ReadOnlySpan<byte> image)
    {
        if (Default is not { } expected)
            return null;
        T found = MemoryMarshal.Read<T>(image[Offset..]);
        return found.Equals(expected) ? null : $"{Name} at byte {Offset} is {Text(found)}, not {Text(expected)}";
    }

    static string Text(T value) => value.ToString(null, CultureInfo.InvariantCulture);
}
