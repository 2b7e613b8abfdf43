using System.Runtime.InteropServices;
using Ppd.Planning;

namespace Ppd.Decoding;

/// <summary>
/// A place in the cache and the request that occupies it. The text is prompt and emitted tokens; all but its last token, the root of the next tree, are or will be
/// in the cache. After a request the slot keeps its text and cells, so that a later prompt with the same beginning need not decode it again.
/// </summary>
/// <param name="cache">The slot's part of the KV cache.</param>
/// <param name="ensemble">Rows per prompt token.</param>
sealed class Slot(CacheSlot cache, int ensemble)
{
    readonly List<int> _text = [];

    internal CacheSlot Cache { get; } = cache;

    /// <summary>The request being served, or null.</summary>
    internal Generation? Generation { get; private set; }

    /// <summary>Prompt and emitted tokens.</summary>
    internal ReadOnlySpan<int> Text => CollectionsMarshal.AsSpan(_text);

    /// <summary>The request's part in the planning; its tree is decoded in this step.</summary>
    internal RequestPlan Plan { get; private set; } = null!;

    internal TreeLayout Layout { get; } = new(ensemble);

    /// <summary>Prompt rows in this step's batch.</summary>
    internal int PrefillRows { get; set; }

    /// <summary>Whether the root is decoded in this step: everything before it is in the cache, or in the same batch.</summary>
    internal bool DecodesTree { get; set; }

    /// <summary>Deepest node whose token was emitted in this step.</summary>
    internal int AcceptedNode { get; set; }

    /// <summary>Tokens that may still be emitted: by the request's limit, and until the context is full.</summary>
    internal int Room(int contextLength) => Math.Min(Generation!.Remaining, contextLength - _text.Count);

    /// <summary>Set when the request ended in this step.</summary>
    internal StopReason? Ended { get; set; }

    /// <summary>Set when the request broke in this step.</summary>
    internal Exception? Failure { get; set; }

    /// <summary>Tokens before the root that are not in the cache yet.</summary>
    internal int PrefillLeft => _text.Count - 1 - Cache.Length;

    /// <summary>Leading tokens of <paramref name="prompt"/> whose cells this slot holds.</summary>
    internal int CommonPrefix(ReadOnlySpan<int> prompt) => Text[..Math.Min(Cache.Length, _text.Count)].CommonPrefixLength(prompt);

    /// <summary>Takes a request in, keeping the cells of <paramref name="reused"/> leading prompt tokens.</summary>
    internal void Begin(Generation generation, int reused, RequestPlan plan)
    {
        Generation = generation;
        Plan = plan;
        Ended = null;
        Failure = null;
        Cache.Truncate(reused);
        _text.Clear();
        _text.AddRange(generation.Request.Prompt);
        generation.Sampler.AcceptPrompt(generation.Request.Prompt);
        foreach (var source in generation.Request.DraftSources) source.Observe(generation.Request.Prompt);
        generation.Start(reused);
    }

    internal void Append(int token) => _text.Add(token);

    /// <summary>Lets the request go; cells of an unfinished step are dropped, committed ones stay for reuse.</summary>
    internal Generation End()
    {
        var generation = Generation!;
        Generation = null;
        generation.Sampler.Dispose();
        Cache.Truncate(Math.Min(Cache.Length, _text.Count));
        return generation;
    }
}
