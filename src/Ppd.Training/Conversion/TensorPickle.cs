using System.Buffers.Binary;
using System.Text;

namespace Ppd.Training.Conversion;

/// <param name="Type">Of its numbers.</param>
/// <param name="Key">Name of the archive entry.</param>
sealed record PickledStorage(ElementType Type, string Key);

/// <param name="Storage">Where the numbers are.</param>
/// <param name="Offset">Numbers before the first one.</param>
/// <param name="Shape">Row length last.</param>
/// <param name="Stride">Numbers from one element to the next, per dimension.</param>
sealed record PickledTensor(PickledStorage Storage, long Offset, IReadOnlyList<long> Shape, IReadOnlyList<long> Stride);

/// <summary>
/// Reads a pickle that is a dictionary of tensors, and nothing else. A pickle is a program for a stack machine that may call any function by its name; here
/// the three names that torch.save writes for tensors stand for data, and every other name or instruction is refused.
/// </summary>
sealed class TensorPickle(byte[] program, Func<string, Exception> damaged)
{
    static readonly object Mark = new();

    readonly Stack<object> _stack = new();
    readonly Dictionary<int, object> _memo = [];
    int _next;

    public Dictionary<string, PickledTensor> Read()
    {
        while (true)
        {
            switch ((char)Byte())
            {
                case '\x80': Byte(); break;                                         // protocol
                case '}': _stack.Push(new Dictionary<string, PickledTensor>()); break;
                case ')': _stack.Push(Array.Empty<object>()); break;
                case '(': _stack.Push(Mark); break;
                case 't': _stack.Push(AboveMark()); break;
                case '\x85': _stack.Push(Top(1)); break;
                case '\x86': _stack.Push(Top(2)); break;
                case '\x87': _stack.Push(Top(3)); break;
                case 'K': _stack.Push((long)Byte()); break;
                case 'M': _stack.Push((long)BinaryPrimitives.ReadUInt16LittleEndian(Bytes(2))); break;
                case 'J': _stack.Push((long)Int32()); break;
                case '\x88': _stack.Push(true); break;
                case '\x89': _stack.Push(false); break;
                case 'X': _stack.Push(Encoding.UTF8.GetString(Bytes(Int32()))); break;
                case 'c': _stack.Push(new Name($"{Line()}.{Line()}")); break;
                case 'q': _memo[Byte()] = Peek(); break;
                case 'r': _memo[Int32()] = Peek(); break;
                case 'h': _stack.Push(Recall(Byte())); break;
                case 'j': _stack.Push(Recall(Int32())); break;
                case 'Q': _stack.Push(Storage(Pop())); break;
                case 'R': _stack.Push(Call(Pop(), Pop())); break;
                case 's': Set(Top(2)); break;
                case 'u': Set(AboveMark()); break;
                case '.': return Pop() as Dictionary<string, PickledTensor> ?? throw damaged("its pickle is not a dictionary of tensors");
                case var other: throw damaged($"its pickle has instruction 0x{(int)other:X2}, which a dictionary of tensors does not need");
            }
        }
    }

    // ("storage", class, key, device, numbers)
    PickledStorage Storage(object id) => id is object[] and ["storage", Name type, string key, string, long]
        ? new PickledStorage(type.Text switch
        {
            "torch.FloatStorage" => ElementType.F32,
            "torch.HalfStorage" => ElementType.F16,
            "torch.BFloat16Storage" => ElementType.BF16,
            var other => throw damaged($"its numbers are a {other}; FloatStorage, HalfStorage and BFloat16Storage can be converted"),
        }, key)
        : throw damaged("its pickle refers to something that is no storage");

    object Call(object arguments, object function) => (function, arguments) switch
    {
        (Name { Text: "torch._utils._rebuild_tensor_v2" }, object[] and [PickledStorage storage, long offset, object[] shape, object[] stride, ..]) =>
            new PickledTensor(storage, offset, Numbers(shape), Numbers(stride)),
        (Name { Text: "torch._utils._rebuild_parameter" }, object[] and [PickledTensor tensor, ..]) => tensor,
        (Name { Text: "collections.OrderedDict" }, object[] and []) => new Dictionary<string, PickledTensor>(),
        (Name name, _) => throw damaged($"its pickle calls {name.Text}, which is not done here"),
        _ => throw damaged("its pickle calls something that has no name"),
    };

    void Set(object[] pairs)
    {
        if (Peek() is not Dictionary<string, PickledTensor> tensors || pairs.Length % 2 != 0) throw damaged("its pickle is not a dictionary of tensors");
        foreach (var pair in pairs.Chunk(2))
        {
            if (pair is not [string name, PickledTensor tensor] || !tensors.TryAdd(name, tensor)) throw damaged("its pickle has entries that are no tensors, or two of one name");
        }
    }

    long[] Numbers(object[] values) => Array.ConvertAll(values, value => value is long number ? number : throw damaged("a shape in its pickle is not made of numbers"));

    object[] AboveMark()
    {
        var items = new List<object>();
        while (Pop() is var item && item != Mark) items.Add(item);
        items.Reverse();
        return [.. items];
    }

    object[] Top(int count)
    {
        var items = new object[count];
        for (var i = count - 1; i >= 0; i--) items[i] = Pop();
        return items;
    }

    object Pop() => _stack.TryPop(out var item) ? item : throw damaged("its pickle takes from an empty stack");

    object Peek() => _stack.TryPeek(out var item) ? item : throw damaged("its pickle takes from an empty stack");

    object Recall(int index) => _memo.TryGetValue(index, out var item) ? item : throw damaged("its pickle recalls what it never stored");

    string Line()
    {
        var end = Array.IndexOf(program, (byte)'\n', _next);
        if (end < 0) throw damaged("its pickle ends inside a name");
        var text = Encoding.UTF8.GetString(program.AsSpan(_next, end - _next));
        _next = end + 1;
        return text;
    }

    byte Byte() => Bytes(1)[0];

    int Int32() => BinaryPrimitives.ReadInt32LittleEndian(Bytes(4));

    ReadOnlySpan<byte> Bytes(int count)
    {
        if (count < 0 || count > program.Length - _next) throw damaged("its pickle ends early");
        _next += count;
        return program.AsSpan(_next - count, count);
    }

    sealed record Name(string Text);
}
