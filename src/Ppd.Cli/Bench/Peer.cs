using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using Ppd.Decoding;

namespace Ppd.Cli.Bench;

/// <summary>
/// A llama-server on this machine, asked at <c>POST /completion</c>. It gets the tokens of the prompts, not their text, so that nothing depends on its template, and the
/// same chain of samplers. Its own times count, not the client's.
/// </summary>
sealed class Peer : IBenchTarget, IDisposable
{
    static readonly string[] Samplers = ["top_k", "top_p", "min_p", "temperature"];     // as in TokenSampler

    readonly Uri _address;
    readonly SamplingSettings _sampling;
    readonly int _maxTokens;
    readonly Func<int, bool> _endsReply;
    // a redirect or a proxy could lead away from this machine
    readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false }) { Timeout = Timeout.InfiniteTimeSpan };

    /// <param name="address">Where it listens; a loopback address.</param>
    /// <param name="sampling">How tokens are drawn.</param>
    /// <param name="maxTokens">Most tokens of a reply.</param>
    /// <param name="endsReply">Tokens that end a reply: llama-server counts them, the engine does not.</param>
    internal Peer(Uri address, SamplingSettings sampling, int maxTokens, Func<int, bool> endsReply)
    {
        if (!address.IsLoopback) throw new PeerException($"The peer {address} is on another machine; only one on this machine can be compared with.");
        (_address, _sampling, _maxTokens, _endsReply) = (address, sampling, maxTokens, endsReply);
    }

    public string Name => "peer";

    public string? Plan => null;

    /// <summary>Fails early where nobody listens.</summary>
    /// <exception cref="PeerException">Nobody does.</exception>
    internal async Task RequireReachable()
    {
        using var response = await Send(() => _client.GetAsync(new Uri(_address, "health")));
        if (!response.IsSuccessStatusCode)
            throw new PeerException($"The peer at {_address} answered {(int)response.StatusCode} to /health; it may still be loading its model. Try again, or start llama-server there.");
    }

    public Task Prime(IReadOnlyList<int[]> prompts) => Task.WhenAll(prompts.Select(prompt => Complete(prompt, 1)));

    public async Task<ArmRun> Run(IReadOnlyList<int[]> prompts, StepTally? tally = null)
    {
        var start = Stopwatch.GetTimestamp();
        var replies = await Task.WhenAll(prompts.Select(prompt => Complete(prompt, _maxTokens)));
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        var speed = prompts.Count == 1 ? replies[0].TokensPerSecond : replies.Sum(reply => reply.Tokens.Length) / seconds;
        return new ArmRun([.. replies.Select(reply => reply.Tokens)], speed, Counters: null);
    }

    public void Dispose() => _client.Dispose();

    async Task<(int[] Tokens, double TokensPerSecond)> Complete(int[] prompt, int count)
    {
        var request = new
        {
            prompt,
            n_predict = count,
            stream = false,
            return_tokens = true,
            cache_prompt = true,
            samplers = Samplers,
            temperature = _sampling.Temperature,
            top_k = _sampling.TopK,
            top_p = _sampling.TopP,
            min_p = _sampling.MinP,
            seed = _sampling.Seed,
            grammar = _sampling.Grammar?.Grammar.Text ?? "",
        };
        var start = Stopwatch.GetTimestamp();
        using var response = await Send(() => _client.PostAsJsonAsync(new Uri(_address, "completion"), request));
        var body = await response.Content.ReadAsStringAsync();
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        if (!response.IsSuccessStatusCode) throw new PeerException($"The peer at {_address} answered {(int)response.StatusCode} to /completion: {body}");
        try
        {
            using var json = JsonDocument.Parse(body);
            return Read(json.RootElement, seconds);
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new PeerException($"The peer at {_address} does not answer /completion as llama-server does: {error.Message} A reply has \"tokens\" and \"timings\".", error);
        }
    }

    (int[] Tokens, double TokensPerSecond) Read(JsonElement reply, double seconds)
    {
        var tokens = reply.GetProperty("tokens").EnumerateArray().Select(token => token.GetInt32()).ToArray();
        var kept = tokens.Length > 0 && _endsReply(tokens[^1]) ? tokens[..^1] : tokens;
        if (kept.Length < 2) return (kept, 0);
        if (!reply.TryGetProperty("timings", out var timings) || !timings.TryGetProperty("predicted_per_second", out var speed)) return (kept, kept.Length / seconds);
        // its speed is that of the tokens after the first one, the end token among them
        return (kept, speed.GetDouble() * (kept.Length - 1) / (tokens.Length - 1));
    }

    async Task<HttpResponseMessage> Send(Func<Task<HttpResponseMessage>> send)
    {
        try
        {
            return await send();
        }
        catch (HttpRequestException error)
        {
            throw new PeerException($"The peer at {_address} cannot be reached: {error.Message} Start llama-server there, or leave --peer out.", error);
        }
    }
}
