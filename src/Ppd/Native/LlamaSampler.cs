using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Ppd.Grammars;
using static Ppd.Native.LlamaFunctions;

namespace Ppd.Native;

/// <summary><c>llama_token_data</c>: a candidate token.</summary>
[StructLayout(LayoutKind.Sequential)]
struct TokenData
{
    internal int Id;
    internal float Logit;
    internal float Probability;
}

/// <summary><c>llama_token_data_array</c>: the candidates a sampler chain narrows down to one.</summary>
[StructLayout(LayoutKind.Sequential)]
unsafe struct TokenDataArray
{
    internal TokenData* Data;   // [Size]
    internal nuint Size;
    internal long Selected;     // index into Data, -1 before a choice
    internal byte Sorted;       // by logit, descending
}

/// <summary>A llama.cpp sampler chain; owned by one request.</summary>
sealed unsafe class LlamaSampler : SafeHandleZeroOrMinusOneIsInvalid
{
    LlamaSampler(nint handle) : base(ownsHandle: true) => SetHandle(handle);

    /// <summary>An empty chain; samplers run in the order they are added.</summary>
    internal static LlamaSampler Create() => new(llama_sampler_chain_init(1));

    /// <summary>Lowers the logits of recent tokens (<c>llama_sampler_init_penalties</c>).</summary>
    /// <remarks>llama.cpp c0c7e147 (LLamaSharp 0.28) has no vocabulary size here.</remarks>
    internal LlamaSampler Penalties(LlamaModel model, int lastN, float repeat, float frequency, float presence) => Add(
        model.Library.Layout.PenaltiesTakeVocabularySize
            ? llama_sampler_init_penalties(model.Vocabulary.Count, lastN, repeat, frequency, presence)
            : llama_sampler_init_penalties_without_vocabulary(lastN, repeat, frequency, presence));

    internal LlamaSampler TopK(int k) => Add(llama_sampler_init_top_k(k));

    internal LlamaSampler TopP(float p) => Add(llama_sampler_init_top_p(p, 1));

    internal LlamaSampler MinP(float p) => Add(llama_sampler_init_min_p(p, 1));

    internal LlamaSampler Temperature(float temperature) => Add(llama_sampler_init_temp(temperature));

    /// <summary>Draws from the candidates' distribution; one random number per call.</summary>
    internal LlamaSampler Draw(uint seed) => Add(llama_sampler_init_dist(seed));

    internal LlamaSampler Greedy() => Add(llama_sampler_init_greedy());

    /// <summary>
    /// Rules out the tokens that a grammar forbids (<c>llama_sampler_init_grammar</c>): what <see cref="GrammarMachine"/> is tested against. It must be told of no other tokens, or the
    /// process ends.
    /// </summary>
    /// <param name="model">Owner of the vocabulary.</param>
    /// <param name="grammar">It was parsed, and so is one that llama.cpp can take.</param>
    internal LlamaSampler Constrain(LlamaModel model, Grammar grammar)
    {
        fixed (byte* text = Utf8(grammar.Text), root = Utf8(Grammar.RootName))
            return Add(llama_sampler_init_grammar(model.Vocabulary.Handle, text, root));
    }

    static byte[] Utf8(string text) => [.. Encoding.UTF8.GetBytes(text), 0];

    /// <summary>Runs the chain over the candidates, in place.</summary>
    internal void Apply(Span<TokenData> candidates)
    {
        fixed (TokenData* data = candidates)
        {
            var array = new TokenDataArray { Data = data, Size = (nuint)candidates.Length, Selected = -1 };
            llama_sampler_apply(this, &array);
        }
    }

    /// <summary>Runs the chain over the candidates, which it reorders, and returns the chosen token.</summary>
    /// <param name="candidates">Tokens with logits; <paramref name="sorted"/> says that they are in descending order.</param>
    /// <param name="sorted">Whether the candidates are sorted.</param>
    internal int Choose(Span<TokenData> candidates, bool sorted)
    {
        fixed (TokenData* data = candidates)
        {
            var array = new TokenDataArray { Data = data, Size = (nuint)candidates.Length, Selected = -1, Sorted = sorted ? (byte)1 : (byte)0 };
            llama_sampler_apply(this, &array);
            if (array.Selected < 0 || array.Selected >= (long)array.Size)
                throw new PpdException("The sampler chain chose no token: every candidate was ruled out, or a logit is not a number.");
            return array.Data[array.Selected].Id;
        }
    }

    /// <summary>Tells the chain which token was emitted: penalties remember it.</summary>
    internal void Accept(int token) => llama_sampler_accept(this, token);

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        llama_sampler_free(handle);
        return true;
    }

    LlamaSampler Add(nint sampler)
    {
        if (sampler == 0) throw new ArgumentException("llama.cpp refused the sampler's parameters.");
        llama_sampler_chain_add(this, sampler);
        return this;
    }
}
