using System.Runtime.InteropServices;
using System.Text;
using Ppd.Native;

namespace Ppd.Testing;

/// <summary>
/// Writes a model that says what a test wants: decoded greedily, each token of a script is followed by the next one and the last by the end of the reply. What it says
/// depends on the last token of the prompt only, so a template chooses among scripts by ending with one of their control tokens.
/// </summary>
public sealed class ScriptedModel
{
    const int ShortestPiece = 3;    // characters

    readonly List<string> _tokens = [];
    readonly List<int> _types = [];
    readonly Dictionary<string, int> _ids = [];
    readonly Dictionary<int, int> _next = [];
    readonly int _end;

    /// <param name="controls">Control tokens the scripts may contain, each once.</param>
    public ScriptedModel(params string[] controls)
    {
        // the byte alphabet of GPT-2: printable bytes stand for themselves, the others for characters from U+0100 on
        for (var value = 0; value < 256; value++) Add(Letter(value).ToString(), type: 1);
        _end = Add("<|end_of_reply|>", type: 3);
        foreach (var control in controls) Add(control, type: 3);
    }

    /// <summary>What the model says when the prompt ends with <paramref name="last"/>, a new control token or a single ASCII character.</summary>
    public ScriptedModel Say(string last, string text)
    {
        var at = last.Length == 1 ? last[0] : Add(last, type: 3);
        List<string> pieces = [];
        if (!Split(text, pieces)) throw new ArgumentException($"The scripts repeat themselves: '{text}' cannot be cut into pieces that were not said before.");
        foreach (var piece in pieces)
        {
            var id = _ids.TryGetValue(piece, out var known) ? known : Add(piece, type: 1);
            _next.Add(at, id);
            at = id;
        }
        _next.Add(at, _end);
        return this;
    }

    public void Write(string path, string template, int contextLength = 2048)
    {
        var width = (_tokens.Count + 63) / 64 * 64;
        var writer = new GgufWriter()
            .Add("general.architecture", "llama").Add("general.name", "scripted")
            .Add("llama.context_length", (uint)contextLength).Add("llama.embedding_length", (uint)width).Add("llama.block_count", 1u)
            .Add("llama.feed_forward_length", 64u).Add("llama.attention.head_count", (uint)width / 64).Add("llama.attention.head_count_kv", 1u)
            .Add("llama.attention.layer_norm_rms_epsilon", 1e-5f).Add("llama.rope.dimension_count", 64u).Add("llama.vocab_size", (uint)_tokens.Count)
            .Add("tokenizer.ggml.model", "gpt2").Add("tokenizer.ggml.pre", "gpt-2").Add("tokenizer.ggml.tokens", _tokens.ToArray())
            .Add("tokenizer.ggml.token_type", _types.ToArray()).Add("tokenizer.ggml.merges", new[] { "a b" })
            .Add("tokenizer.ggml.bos_token_id", (uint)_end).Add("tokenizer.ggml.eos_token_id", (uint)_end).Add("tokenizer.ggml.add_bos_token", false)
            .Add("tokenizer.chat_template", template);
        Matrix(writer, "token_embd.weight", width, _tokens.Count, row => row);
        // the row of a token looks at the one before it
        var before = _next.ToLookup(pair => pair.Value, pair => pair.Key);
        writer.AddTensor("output.weight", GgmlType.F32, [width, _tokens.Count], stream =>
        {
            for (var token = 0; token < _tokens.Count; token++)
            {
                var row = new float[width];
                if (token == _end) Array.Fill(row, 0.5f);
                foreach (var previous in before[token]) row[previous] = 1;
                stream.Write(MemoryMarshal.AsBytes<float>(row));
            }
        });
        Ones(writer, "output_norm.weight", width);
        Ones(writer, "blk.0.attn_norm.weight", width);
        Ones(writer, "blk.0.ffn_norm.weight", width);
        foreach (var (name, inner, rows) in new[] { ("attn_q", width, width), ("attn_k", width, 64), ("attn_v", width, 64), ("attn_output", width, width),
            ("ffn_gate", width, 64), ("ffn_up", width, 64), ("ffn_down", 64, width) })
            Matrix(writer, $"blk.0.{name}.weight", inner, rows, _ => -1);
        writer.Write(path);
    }

    int Add(string token, int type)
    {
        if (!_ids.TryAdd(token, _tokens.Count)) throw new ArgumentException($"The token '{token}' is already there.");
        _tokens.Add(token);
        _types.Add(type);
        return _tokens.Count - 1;
    }

    // Every piece is said once, so that it alone tells what comes next. Takes longer ones where the rest could not be cut otherwise.
    bool Split(string text, List<string> pieces)
    {
        if (text.Length == 0) return true;
        var controls = _ids.Keys.Where(token => _types[_ids[token]] == 3).ToList();
        var control = controls.Where(token => text.StartsWith(token, StringComparison.Ordinal)).MaxBy(token => token.Length);
        if (control != null) return Take(control, control.Length, text, pieces);
        var most = controls.Select(token => text.IndexOf(token, StringComparison.Ordinal)).Where(at => at > 0).DefaultIfEmpty(text.Length).Min();
        for (var length = Math.Min(ShortestPiece, most); length <= most; length++)
            if (!char.IsHighSurrogate(text[length - 1]) && Take(Encode(text[..length]), length, text, pieces)) return true;
        return false;
    }

    bool Take(string piece, int length, string text, List<string> pieces)
    {
        // single bytes and control tokens are there from the start, and may be said once like all others
        if (pieces.Contains(piece) || (_ids.TryGetValue(piece, out var id) && (_next.ContainsKey(id) || _next.ContainsValue(id)))) return false;
        pieces.Add(piece);
        if (Split(text[length..], pieces)) return true;
        pieces.RemoveAt(pieces.Count - 1);
        return false;
    }

    static string Encode(string text) => string.Concat(Encoding.UTF8.GetBytes(text).Select(value => Letter(value)));

    static char Letter(int value) => IsPrintable(value) ? (char)value : (char)(256 + Enumerable.Range(0, value).Count(other => !IsPrintable(other)));

    static bool IsPrintable(int value) => value is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or >= 0xAE;

    static void Matrix(GgufWriter writer, string name, int width, int rows, Func<int, int> one) => writer.AddTensor(name, GgmlType.F32, [width, rows], stream =>
    {
        for (var i = 0; i < rows; i++)
        {
            var row = new float[width];
            if (one(i) >= 0) row[one(i)] = 1;
            stream.Write(MemoryMarshal.AsBytes<float>(row));
        }
    });

    static void Ones(GgufWriter writer, string name, int width) => writer.AddTensor(name, GgmlType.F32, [width], stream =>
        stream.Write(MemoryMarshal.AsBytes<float>(Enumerable.Repeat(1f, width).ToArray())));
}
