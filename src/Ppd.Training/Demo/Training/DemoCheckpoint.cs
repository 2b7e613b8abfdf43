using System.Runtime.InteropServices;
using System.Text;
using static TorchSharp.torch;

namespace Ppd.Training.Demo.Training;

/// <summary>The state of an interrupted training: weights, moments and how far it was. Written whole or not at all.</summary>
static class DemoCheckpoint
{
    public static void Save(string path, int step, TimeSpan elapsed, IReadOnlyDictionary<string, Tensor> tensors)
    {
        var unfinished = path + ".part";
        using (var writer = new BinaryWriter(File.Create(unfinished), Encoding.UTF8))
        {
            writer.Write(step);
            writer.Write(elapsed.Ticks);
            writer.Write(tensors.Count);
            foreach (var (name, tensor) in tensors)
            {
                writer.Write(name);
                writer.Write(tensor.numel());
                writer.Write(tensor.bytes);
            }
        }
        File.Move(unfinished, path, overwrite: true);
    }

    /// <summary>Fills <paramref name="tensors"/> in place.</summary>
    /// <exception cref="InvalidDataException">The checkpoint is of a model of another shape.</exception>
    public static (int Step, TimeSpan Elapsed) Load(string path, IReadOnlyDictionary<string, Tensor> tensors)
    {
        using var context = no_grad();
        using var reader = new BinaryReader(File.OpenRead(path), Encoding.UTF8);
        var (step, elapsed) = (reader.ReadInt32(), TimeSpan.FromTicks(reader.ReadInt64()));
        for (var count = reader.ReadInt32(); count > 0; count--)
        {
            var (name, elements) = (reader.ReadString(), reader.ReadInt64());
            if (!tensors.TryGetValue(name, out var tensor) || tensor.numel() != elements)
                throw new InvalidDataException($"'{path}' has a tensor '{name}' of {elements} elements, which this model has not: it was made by another version. Delete it to begin anew.");
            reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(MemoryMarshal.Cast<byte, float>(tensor.bytes)));
        }
        return (step, elapsed);
    }
}
