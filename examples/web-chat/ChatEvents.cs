using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;
using System.Threading.Channels;
using Microsoft.Extensions.AI;
using Ppd;

namespace Examples;

/// <param name="ModelId">Its name.</param>
/// <param name="ContextLength">Tokens of a conversation.</param>
sealed record ModelInfo(string ModelId, int ContextLength);

/// <param name="Role">user or assistant.</param>
/// <param name="Text">What was said.</param>
sealed record ChatLine(string Role, string Text);

/// <param name="Lines">The conversation, the question last.</param>
/// <param name="Drafting">Whether the engine may guess ahead; the reply is the same.</param>
sealed record ChatTurn(ChatLine[] Lines, bool Drafting);

/// <summary>A forward pass, or the end of the reply.</summary>
/// <param name="Text">What became certain of the reply: whole characters, so it may lag behind the tokens. At the end: what was still missing.</param>
/// <param name="Tokens">Tokens that it produced together.</param>
/// <param name="Draws">How many it drew: one more where the reply ended with a token that is no text.</param>
/// <param name="Rows">Rows it decoded.</param>
/// <param name="Milliseconds">Its time.</param>
/// <param name="PlainMilliseconds">Time a pass of plain decoding is expected to take.</param>
/// <param name="Reply">At the end: the whole reply.</param>
/// <param name="Summary">At the end: the engine's figures.</param>
/// <param name="Error">At the end: what went wrong.</param>
sealed record ChatEvent(string? Text = null, int Tokens = 0, int Draws = 0, int Rows = 0, double Milliseconds = 0, double PlainMilliseconds = 0, string? Reply = null, string? Summary = null, string? Error = null);

[JsonSerializable(typeof(ChatTurn)), JsonSerializable(typeof(ChatEvent)), JsonSerializable(typeof(ModelInfo))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
sealed partial class ChatJson : JsonSerializerContext;

/// <summary>A reply as server-sent events, one for each forward pass.</summary>
sealed class ChatEvents(IChatClient client)
{
    const int MostTokens = 400;

    readonly Channel<ChatEvent> _events = Channel.CreateUnbounded<ChatEvent>();
    int _shown;     // characters sent so far

    public async IAsyncEnumerable<SseItem<ChatEvent>> Answer(ChatTurn turn, [EnumeratorCancellation] CancellationToken cancelled)
    {
        var reply = Reply(turn, cancelled);
        await foreach (var happened in _events.Reader.ReadAllAsync(cancelled)) yield return new SseItem<ChatEvent>(happened);
        await reply;
    }

    async Task Reply(ChatTurn turn, CancellationToken cancelled)
    {
        try
        {
            var own = new PpdRequestOptions { OnStep = OnStep, Plan = turn.Drafting ? null : PpdPlan.Off };
            var options = new ChatOptions { MaxOutputTokens = MostTokens, Temperature = 0.7f, RawRepresentationFactory = _ => own };
            var response = await client.GetResponseAsync([.. turn.Lines.Select(line => new ChatMessage(new ChatRole(line.Role), line.Text))], options, cancelled);
            _events.Writer.TryWrite(new ChatEvent(response.Text[_shown..], Reply: response.Text, Summary: response.AdditionalProperties?[PpdGenerationStatistics.Key]?.ToString()));
        }
        catch (Exception error) when (error is PpdException or ArgumentException or NotSupportedException)
        {
            _events.Writer.TryWrite(new ChatEvent(Error: error.Message));
        }
        finally
        {
            _events.Writer.Complete();
        }
    }

    void OnStep(PpdStep step)
    {
        _shown += step.Text.Length;
        _events.Writer.TryWrite(new ChatEvent(step.Text, step.Accepted + (step.Drawn == null ? 0 : 1), step.Accepted + 1, step.Rows, step.Time.TotalMilliseconds, step.PlainTime.TotalMilliseconds));
    }
}
