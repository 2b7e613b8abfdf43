using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging.Abstractions;
using Ppd.Chat;
using Ppd.Decoding;
using Ppd.Native;

namespace Ppd.Training.Data;

/// <summary>Text written by the model itself, many requests at once: prompt tokens must guess what this model says, not what people write.</summary>
sealed class TextGenerator : IDisposable
{
    const int Requests = 16;

    readonly LlamaModel _model;
    readonly ChatPromptBuilder? _chat;
    readonly Engine _engine;
    readonly int _length;

    /// <param name="model">Writes.</param>
    /// <param name="info">Of the same file.</param>
    /// <param name="length">Most tokens of a document, prompt included.</param>
    /// <param name="threads">For llama.cpp.</param>
    public TextGenerator(LlamaModel model, GgufModelInfo info, int length, int threads)
    {
        _model = model;
        _length = length;
        _chat = info.ChatTemplate is null ? null : new ChatPromptBuilder(model.Vocabulary, info, null);
        _engine = new Engine(model, new EngineSettings(length, Requests, Requests, PrefillRows: 256, threads, FlashAttention: false), NullLogger.Instance);
    }

    /// <summary>Documents sampled at temperature 1 until they have at least <paramref name="tokens"/> tokens together.</summary>
    /// <param name="tokens">How much.</param>
    /// <param name="seed">The same seed gives the same text on the same machine.</param>
    /// <param name="progress">Told the tokens so far.</param>
    /// <param name="cancellationToken">Stops between documents.</param>
    public async Task<List<int[]>> Sample(int tokens, int seed, Action<int> progress, CancellationToken cancellationToken)
    {
        SamplingSettings Sampling(int i) => new(Temperature: 1, TopK: 0, TopP: 1, MinP: 0, Seed: unchecked((uint)(seed * 7919 + i)));
        List<int[]> documents = [];
        var total = 0;
        await foreach (var (prompt, reply) in Run(i => (Prompt(i, seed), Sampling(i)), _ => _length, int.MaxValue, cancellationToken))
        {
            documents.Add([.. prompt, .. reply]);
            total += documents[^1].Length;
            progress(total);
            if (total >= tokens) break;
        }
        return documents;
    }

    /// <summary>What the model says after each prefix when it always takes the likeliest token, at most <paramref name="count"/> tokens.</summary>
    public async Task<List<Continuation>> Continue(IReadOnlyList<int[]> prefixes, int count, CancellationToken cancellationToken)
    {
        List<Continuation> continuations = [];
        await foreach (var (prompt, reply) in Run(i => (prefixes[i], SamplingSettings.Greedy), _ => count, prefixes.Count, cancellationToken))
            continuations.Add(new Continuation([.. prompt, .. reply], prompt.Length));
        return continuations;
    }

    public void Dispose() => _engine.Dispose();

    // In submission order, so that the text does not depend on timing.
    async IAsyncEnumerable<(int[] Prompt, List<int> Reply)> Run(Func<int, (int[] Prompt, SamplingSettings Sampling)> request, Func<int, int> most, int count,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var running = new Queue<(int[] Prompt, Collector Sink, Generation Generation)>();
        try
        {
            for (var next = 0; next < count || running.Count > 0;)
            {
                for (; next < count && running.Count < Requests; next++)
                {
                    var (prompt, sampling) = request(next);
                    var sink = new Collector(_model.Vocabulary.EndOfText);
                    running.Enqueue((prompt, sink, _engine.Submit(new GenerationRequest
                    {
                        Prompt = prompt,
                        Sampling = sampling,
                        MaxTokens = Math.Min(most(next), _length - prompt.Length),
                        Sink = sink,
                    })));
                }
                var first = running.Peek();
                var reply = await first.Sink.Done.WaitAsync(cancellationToken);
                running.Dequeue();
                yield return (first.Prompt, reply);
            }
        }
        finally
        {
            foreach (var (_, _, generation) in running) generation.Cancel();
        }
    }

    // Every other document is a conversation where the model has a chat template; the rest start from nothing.
    int[] Prompt(int number, int seed)
    {
        if (_chat is not null && number % 2 == 1)
        {
            var prompt = _chat.Tokenize([new ChatMessage(ChatRole.User, SeedPrompts.All[number / 2 % SeedPrompts.All.Count])], null);
            if (prompt.Length < _length / 2) return prompt;
        }
        var vocabulary = _model.Vocabulary;
        if (vocabulary.BeginningOfText >= 0) return [vocabulary.BeginningOfText];
        return [vocabulary.EndOfText >= 0 ? vocabulary.EndOfText : new Random(unchecked(seed + number)).Next(vocabulary.Count)];
    }

    sealed class Collector(int endOfText) : ITokenSink
    {
        readonly TaskCompletionSource<List<int>> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        readonly List<int> _tokens = [];

        public Task<List<int>> Done => _done.Task;

        public bool Accept(ReadOnlySpan<int> tokens, out int kept)
        {
            _tokens.AddRange(tokens);
            kept = tokens.Length;
            return true;
        }

        public void Complete(GenerationResult result)
        {
            // the end is guessed like any token
            if (result.Reason == StopReason.Stop && endOfText >= 0) _tokens.Add(endOfText);
            _done.SetResult(_tokens);
        }

        public void Fail(Exception error) => _done.TrySetException(error);
    }
}
