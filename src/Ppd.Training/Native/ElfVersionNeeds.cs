using System.Runtime.InteropServices;
using System.Text;

namespace Ppd.Training.Native;

/// <summary>A symbol version that a shared library demands of another one.</summary>
/// <param name="Library">The library it is demanded of, e.g. <c>libstdc++.so.6</c>.</param>
/// <param name="Name">The version, e.g. <c>GLIBCXX_3.4.32</c>.</param>
/// <param name="FlagsOffset">Bytes from the start of the file to the entry's 16-bit flags.</param>
/// <param name="Weak">Whether the loader may go on where the version is missing.</param>
/// <param name="Used">Whether a relocation binds a symbol of this version.</param>
readonly record struct ElfVersionNeed(string Library, string Name, int FlagsOffset, bool Weak, bool Used);

/// <summary>The version requirements of a 64-bit little-endian ELF library (section .gnu.version_r and what refers to it).</summary>
static class ElfVersionNeeds
{
    const uint SymbolTable = 11, Relocations = 4, VersionNeeds = 0x6ffffffe, VersionSymbols = 0x6fffffff;
    const ushort WeakFlag = 2;          // VER_FLG_WEAK
    const ushort VersionMask = 0x7fff;  // the top bit of a symbol's version hides it

    /// <exception cref="BadImageFormatException">Not a 64-bit little-endian ELF file, or a table points outside it.</exception>
    public static List<ElfVersionNeed> Read(ReadOnlySpan<byte> file)
    {
        if (file.Length < 64 || !file.StartsWith("\u007fELF\u0002\u0001"u8)) throw new BadImageFormatException("The file is not a 64-bit little-endian ELF library.");
        try
        {
            return ReadTables(file, Sections(file));
        }
        catch (ArgumentOutOfRangeException error)
        {
            throw new BadImageFormatException("A table of the ELF file lies outside it: it is damaged or not complete.", error);
        }
    }

    /// <summary>Lets the loader go on where <paramref name="need"/> is missing.</summary>
    public static void MakeWeak(Span<byte> file, ElfVersionNeed need) =>
        MemoryMarshal.Write(file[need.FlagsOffset..], (ushort)(U16(file, need.FlagsOffset) | WeakFlag));

    static List<ElfVersionNeed> ReadTables(ReadOnlySpan<byte> file, List<Section> sections)
    {
        List<ElfVersionNeed> needs = [];
        if (sections.Find(s => s.Type == VersionNeeds) is not { } table) return needs;
        var names = sections[table.Link].Offset;
        var used = UsedVersions(file, sections);
        // Verneed: version, count, file, aux, next; Vernaux: hash, flags, other, name, next
        for (int entry = table.Offset, next; ; entry += next)
        {
            var library = Text(file, names + I32(file, entry + 4));
            var count = U16(file, entry + 2);
            for (int i = 0, aux = entry + I32(file, entry + 8); i < count; i++, aux += I32(file, aux + 12))
            {
                needs.Add(new ElfVersionNeed(library, Text(file, names + I32(file, aux + 8)), aux + 4,
                    (U16(file, aux + 4) & WeakFlag) != 0, used.Contains((ushort)(U16(file, aux + 6) & VersionMask))));
            }
            next = I32(file, entry + 12);
            if (next == 0) return needs;
        }
    }

    static HashSet<ushort> UsedVersions(ReadOnlySpan<byte> file, List<Section> sections)
    {
        HashSet<ushort> used = [];
        var versions = sections.Find(s => s.Type == VersionSymbols) ?? throw new BadImageFormatException("The ELF file has version requirements but no symbol versions.");
        foreach (var section in sections)
        {
            if (section.Type != Relocations || sections[section.Link].Type != SymbolTable) continue;
            // Rela: offset, info (symbol in the upper half), addend
            for (var at = section.Offset; at < section.Offset + section.Size; at += 24)
                used.Add((ushort)(U16(file, versions.Offset + 2 * I32(file, at + 12)) & VersionMask));
        }
        return used;
    }

    static List<Section> Sections(ReadOnlySpan<byte> file)
    {
        List<Section> sections = [];
        int offset = checked((int)I64(file, 0x28)), size = U16(file, 0x3a), count = U16(file, 0x3c);
        for (var i = 0; i < count; i++)
        {
            var at = offset + i * size;
            sections.Add(new Section((uint)I32(file, at + 4), checked((int)I64(file, at + 0x18)), checked((int)I64(file, at + 0x20)), I32(file, at + 0x28)));
        }
        return sections;
    }

    static string Text(ReadOnlySpan<byte> file, int offset)
    {
        var rest = file[offset..];
        return Encoding.ASCII.GetString(rest[..Math.Max(rest.IndexOf((byte)0), 0)]);
    }

    static ushort U16(ReadOnlySpan<byte> file, int offset) => MemoryMarshal.Read<ushort>(file[offset..]);

    static int I32(ReadOnlySpan<byte> file, int offset) => MemoryMarshal.Read<int>(file[offset..]);

    static long I64(ReadOnlySpan<byte> file, int offset) => MemoryMarshal.Read<long>(file[offset..]);

    sealed record Section(uint Type, int Offset, int Size, int Link);
}
