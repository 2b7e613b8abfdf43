using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Ppd.Native;

/// <summary>
/// Stands for <c>llama_model_params</c> or <c>llama_context_params</c> of any supported release: start from the library's own
/// defaults and set fields at the offsets of the loaded <see cref="LlamaLayout"/>.
/// </summary>
/// <remarks>
/// Longer than every such struct, and still right to pass and return by value. More than 16 bytes travel in memory: System V x64
/// copies them to the stack, where the callee reads as far as its struct goes (so it must be the last stack argument); Windows x64
/// and arm64 pass a pointer to the caller's copy; a result is written through the caller's pointer, no further than its end.
/// </remarks>
unsafe struct ParamBlock
{
    public const int Size = 256; // bytes

    // words, not bytes: the block must be aligned like the C structs, whose pointers ask for 8
    fixed ulong _words[Size / sizeof(ulong)];

    [UnscopedRef]
    public Span<byte> Bytes => MemoryMarshal.AsBytes(MemoryMarshal.CreateSpan(ref _words[0], Size / sizeof(ulong)));

    public void Set(int offset, int value) => Write(offset, value);

    public void Set(int offset, uint value) => Write(offset, value);

    public void Set(int offset, float value) => Write(offset, value);

    // bool and not byte: a literal 1 would pick the int overload and overwrite the three flags behind it
    public void Set(int offset, bool value) => Write(offset, (byte)(value ? 1 : 0));

    public void Set(int offset, nint value) => Write(offset, value);

    public T Get<T>(int offset) where T : unmanaged => Unsafe.ReadUnaligned<T>(ref Bytes.Slice(offset, sizeof(T))[0]);

    void Write<T>(int offset, T value) where T : unmanaged => Unsafe.WriteUnaligned(ref Bytes.Slice(offset, sizeof(T))[0], value);
}
