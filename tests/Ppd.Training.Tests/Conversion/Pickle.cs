using System.Text;

namespace Ppd.Training.Tests.Conversion;

/// <summary>Pickle instructions as Python writes them at protocol 2, the one torch.save uses.</summary>
sealed class Pickle
{
    readonly MemoryStream _bytes = new();
    byte _memo;

    public Pickle() => Raw(0x80, 2);

    /// <summary>What torch.save writes for a dictionary of one tensor.</summary>
    public static byte[] Checkpoint(
        string name = "prompt_embeddings", string storage = "FloatStorage", int offset = 0, int rows = 6, int width = 4, int rowStride = 4, string function = "_rebuild_tensor_v2") =>
        new Pickle().Op('}').Put().Text(name).Put()
            .Global("torch._utils", function).Put()
            .Op('(').Op('(').Text("storage").Put().Global("torch", storage).Put().Text("0").Put().Text("cuda:0").Put().Int(rows * width).Op('t').Put().Op('Q')
            .Int(offset).Int(rows).Int(width).Op('\x86').Put().Int(rowStride).Int(1).Op('\x86').Put().Op('\x89')
            .Global("collections", "OrderedDict").Put().Op(')').Op('R').Put()
            .Op('t').Put().Op('R').Put().Op('s').Op('.').ToArray();

    public Pickle Op(char code) => Raw((byte)code);

    public Pickle Raw(params byte[] bytes)
    {
        _bytes.Write(bytes);
        return this;
    }

    public Pickle Put() => Raw((byte)'q', _memo++);

    public Pickle Text(string text)
    {
        var utf8 = Encoding.UTF8.GetBytes(text);
        return Op('X').Raw(BitConverter.GetBytes(utf8.Length)).Raw(utf8);
    }

    public Pickle Global(string module, string name) => Op('c').Raw(Encoding.UTF8.GetBytes($"{module}\n{name}\n"));

    // The shortest form, as Python chooses it.
    public Pickle Int(int value) => value switch
    {
        >= 0 and <= byte.MaxValue => Op('K').Raw((byte)value),
        >= 0 and <= ushort.MaxValue => Op('M').Raw(BitConverter.GetBytes((ushort)value)),
        _ => Op('J').Raw(BitConverter.GetBytes(value)),
    };

    public byte[] ToArray() => _bytes.ToArray();
}
