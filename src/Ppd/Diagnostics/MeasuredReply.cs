using System.Diagnostics;
using Ppd.Chat;
using Ppd.Decoding;

namespace Ppd.Diagnostics;

/// <summary>A reply's sink that also reports what the request took: to the meter, and as tags of the span around the request.</summary>
sealed class MeasuredReply : ITokenSink
{
    readonly ReplyStream _sink;
    readonly Activity? _span;
    readonly KeyValuePair<string, object?> _model;
    readonly long _start = Stopwatch.GetTimestamp();

    MeasuredReply(string modelId, ReplyStream sink)
    {
        _sink = sink;
        _model = new("gen_ai.request.model", modelId);
        // any other span, that of a web request perhaps, is not ours to write on
        _span = Activity.Current is { IsAllDataRequested: true } span && span.GetTagItem("gen_ai.operation.name") is "chat" ? span : null;
        RequestInstruments.Open.Add(1, _model);
    }

    /// <summary>Submits a request whose sink is this.</summary>
    /// <param name="model">Answers it.</param>
    /// <param name="sink">Gets the tokens.</param>
    /// <param name="request">The request for a sink.</param>
    internal static Generation Submit(PpdModel model, ReplyStream sink, Func<ITokenSink, GenerationRequest> request)
    {
        var reply = new MeasuredReply(model.ModelId, sink);
        try
        {
            return model.Engine.Submit(request(reply));
        }
        catch (Exception error)
        {
            reply.End("refused", error);
            throw;
        }
    }

    /// <inheritdoc/>
    public bool Accept(ReadOnlySpan<int> tokens, out int kept) => _sink.Accept(tokens, out kept);

    /// <inheritdoc/>
    public void Complete(GenerationResult result)
    {
        try
        {
            Measure(result.Statistics);
            if (_span != null) Tag(_span, result.Statistics);
            var failure = _sink.Finish();
            End(failure != null ? "failed" : result.Reason == StopReason.Stop ? "stop" : "length", failure);
        }
        finally
        {
            _sink.Complete(result);     // also where a listener of the meter throws: somebody waits for this
        }
    }

    /// <inheritdoc/>
    public void Fail(Exception error)
    {
        try
        {
            if (error is OperationCanceledException) End("cancelled");
            else End("failed", error);
        }
        finally
        {
            _sink.Fail(error);
        }
    }

    void End(string outcome, Exception? error = null)
    {
        RequestInstruments.Open.Add(-1, _model);
        var tags = new TagList { _model, { "ppd.request.outcome", outcome } };
        if (error != null) tags.Add("error.type", error.GetType().FullName);
        RequestInstruments.Duration.Record(Stopwatch.GetElapsedTime(_start).TotalSeconds, tags);
    }

    void Measure(PpdGenerationStatistics took)
    {
        RequestInstruments.QueueTime.Record(took.QueueTime.TotalSeconds, _model);
        RequestInstruments.TimeToFirstToken.Record((took.QueueTime + took.PrefillTime).TotalSeconds, _model);
        RequestInstruments.TokensPerStep.Record(took.TokensPerStep, _model);
        RequestInstruments.RowsPerStep.Record(took.RowsPerStep, _model);
        RequestInstruments.Steps.Add(took.Steps, _model);
        RequestInstruments.ReplyTokens.Add(took.GeneratedTokens, _model);
        RequestInstruments.PromptTokens.Add(took.PromptTokens - took.CachedPromptTokens, _model, new("ppd.prompt.cached", false));
        RequestInstruments.PromptTokens.Add(took.CachedPromptTokens, _model, new("ppd.prompt.cached", true));
        RequestInstruments.DraftTokens.Add(took.AcceptedTokens, _model, new("ppd.draft.accepted", true));
        RequestInstruments.DraftTokens.Add(took.ProposedTokens - took.AcceptedTokens, _model, new("ppd.draft.accepted", false));
    }

    static void Tag(Activity span, PpdGenerationStatistics took) => span
        .SetTag("ppd.steps", took.Steps)
        .SetTag("ppd.tokens_per_step", took.TokensPerStep)
        .SetTag("ppd.rows_per_step", took.RowsPerStep)
        .SetTag("ppd.draft.proposed_tokens", took.ProposedTokens)
        .SetTag("ppd.draft.accepted_tokens", took.AcceptedTokens)
        .SetTag("ppd.prompt.cached_tokens", took.CachedPromptTokens)
        .SetTag("ppd.queue_time", took.QueueTime.TotalSeconds)
        .SetTag("ppd.time_to_first_token", (took.QueueTime + took.PrefillTime).TotalSeconds);
}
