using System.Diagnostics.Metrics;

namespace Ppd.Diagnostics;

/// <summary>The instruments of <see cref="PpdTelemetry.MeterName"/>, one set for the process; models differ by tag.</summary>
static class RequestInstruments
{
    // OpenTelemetry's default buckets suit milliseconds
    static readonly InstrumentAdvice<double> Seconds = new() { HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60] };
    static readonly InstrumentAdvice<double> PerStep = new() { HistogramBucketBoundaries = [1, 1.25, 1.5, 2, 2.5, 3, 4, 6, 8, 12, 16, 24, 32, 64] };

    static readonly Meter Meter = new(PpdTelemetry.MeterName);

    internal static readonly UpDownCounter<int> Open = Meter.CreateUpDownCounter<int>("ppd.request.open", "{request}", "Requests that wait for a slot or are being answered.");

    internal static readonly Histogram<double> Duration =
        Meter.CreateHistogram("ppd.request.duration", "s", "From the request to the end of its reply, however it ended.", tags: null, Seconds);

    internal static readonly Histogram<double> QueueTime = Meter.CreateHistogram("ppd.request.queue_time", "s", "From the request to its start in a slot.", tags: null, Seconds);

    internal static readonly Histogram<double> TimeToFirstToken =
        Meter.CreateHistogram("ppd.request.time_to_first_token", "s", "From the request, waiting included, to the first token of its reply.", tags: null, Seconds);

    internal static readonly Histogram<double> TokensPerStep =
        Meter.CreateHistogram("ppd.request.tokens_per_step", "{token}", "Mean tokens drawn per forward pass of a reply; 1 is plain decoding.", tags: null, PerStep);

    internal static readonly Histogram<double> RowsPerStep = Meter.CreateHistogram("ppd.request.rows_per_step", "{row}", "Mean rows per forward pass of a reply.", tags: null, PerStep);

    internal static readonly Counter<long> Steps = Meter.CreateCounter<long>("ppd.steps", "{step}", "Forward passes that produced tokens of a reply.");

    internal static readonly Counter<long> PromptTokens = Meter.CreateCounter<long>("ppd.prompt.tokens", "{token}", "Tokens of prompts: decoded, or reused from the cache.");

    internal static readonly Counter<long> ReplyTokens = Meter.CreateCounter<long>("ppd.reply.tokens", "{token}", "Tokens of replies.");

    internal static readonly Counter<long> DraftTokens = Meter.CreateCounter<long>("ppd.draft.tokens", "{token}", "Guessed tokens that were verified: right or wrong.");
}
