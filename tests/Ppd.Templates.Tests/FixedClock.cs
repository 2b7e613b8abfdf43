namespace Ppd.Templates.Tests;

/// <summary>Sunday, 2 August 2026, 12:34:56: the moment the goldens were made at.</summary>
sealed class FixedClock : TimeProvider
{
    public static FixedClock Instance { get; } = new();

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override DateTimeOffset GetUtcNow() => new(2026, 8, 2, 12, 34, 56, TimeSpan.Zero);
}
