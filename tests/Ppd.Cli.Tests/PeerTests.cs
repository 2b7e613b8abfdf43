using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Ppd.Cli.Bench;
using Ppd.Decoding;

namespace Ppd.Cli.Tests;

public sealed class PeerTests
{
    const int End = 2;
    static readonly int[] Prompt = [7, 8, 9];

    [Fact]
    public async Task Peer_gets_the_tokens_and_the_sampler_and_its_own_times_count()
    {
        using var server = new Server("""{"tokens": [11, 12, 13, 14, 2], "timings": {"predicted_n": 5, "predicted_per_second": 100}}""");
        using var peer = new Peer(server.Address, new SamplingSettings(Temperature: 0.7f, Seed: 9), 50, token => token == End);
        var run = await peer.Run([Prompt]);
        run.Replies.ShouldHaveSingleItem().ShouldBe([11, 12, 13, 14]);
        run.TokensPerSecond.ShouldBe(75);   // three of the four tokens after the first, in the time of four
        run.Counters.ShouldBeNull();
        using var json = JsonDocument.Parse(server.Requests.ShouldHaveSingleItem());
        var request = json.RootElement;
        request.ShouldSatisfyAllConditions(
            () => request.GetProperty("prompt").EnumerateArray().Select(token => token.GetInt32()).ShouldBe(Prompt),
            () => request.GetProperty("n_predict").GetInt32().ShouldBe(50),
            () => request.GetProperty("temperature").GetSingle().ShouldBe(0.7f),
            () => request.GetProperty("top_k").GetInt32().ShouldBe(40),
            () => request.GetProperty("seed").GetInt32().ShouldBe(9),
            () => request.GetProperty("stream").GetBoolean().ShouldBeFalse());
    }

    [Fact]
    public async Task Several_requests_count_by_the_clock_on_the_wall()
    {
        using var server = new Server("""{"tokens": [11, 12], "timings": {"predicted_n": 2, "predicted_per_second": 1e12}}""");
        using var peer = new Peer(server.Address, SamplingSettings.Greedy, 2, _ => false);
        var run = await peer.Run([Prompt, Prompt]);
        run.Tokens.ShouldBe(4);
        run.TokensPerSecond.ShouldBeInRange(1e-3, 1e9);
    }

    [Theory]
    [InlineData("""{"choices": []}""", 200, "does not answer /completion as llama-server does")]
    [InlineData("<html>", 200, "does not answer /completion as llama-server does")]
    [InlineData("""{"error": "no slot"}""", 503, "answered 503 to /completion: {\"error\": \"no slot\"}")]
    [InlineData("", 302, "answered 302")]
    public async Task Other_answers_are_refused(string body, int status, string expected)
    {
        using var server = new Server(body, status);
        using var peer = new Peer(server.Address, SamplingSettings.Greedy, 2, _ => false);
        (await Should.ThrowAsync<PeerException>(() => peer.Run([Prompt]))).Message.ShouldContain(expected);
    }

    [Fact]
    public void Peer_on_another_machine_is_refused() =>
        Should.Throw<PeerException>(() => new Peer(new Uri("http://192.0.2.1:8080"), SamplingSettings.Greedy, 2, _ => false)).Message.ShouldContain("another machine");

    [Fact]
    public async Task Peer_is_an_arm_of_the_report()
    {
        using var server = new Server("""{"tokens": [11, 12, 13], "timings": {"predicted_n": 3, "predicted_per_second": 123}}""");
        var run = await PpdProgram.Run(["bench", "--arms", "plain", "--max-tokens", "4", "--repeat", "1", "--limit", "1", "--peer", server.Address.ToString()]);
        run.Output.ShouldContain("peer");
        run.Output.ShouldContain("123.0");
        run.Output.ShouldContain("peer does not say what plain decoding says");
        run.ExitCode.ShouldBe(1, run.Error);
    }

    sealed class Server : IDisposable
    {
        readonly HttpListener _listener = new();
        readonly Task _loop;

        internal Server(string body, int status = 200)
        {
            using (var free = new TcpListener(IPAddress.Loopback, 0))
            {
                free.Start();
                Address = new Uri($"http://localhost:{((IPEndPoint)free.LocalEndpoint).Port}/");
            }
            _listener.Prefixes.Add(Address.ToString());
            _listener.Start();
            _loop = Serve(body, status);
        }

        internal Uri Address { get; }

        internal List<string> Requests { get; } = [];

        public void Dispose()
        {
            _listener.Close();
            _loop.Wait();
        }

        async Task Serve(string body, int status)
        {
            try
            {
                while (true)
                {
                    var context = await _listener.GetContextAsync();
                    if (context.Request.HttpMethod == "POST") Requests.Add(await new StreamReader(context.Request.InputStream, Encoding.UTF8).ReadToEndAsync());
                    context.Response.StatusCode = status;
                    await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(body));
                    context.Response.Close();
                }
            }
            catch (Exception error) when (error is HttpListenerException or ObjectDisposedException)
            {
                // closed: the test is over
            }
        }
    }
}
