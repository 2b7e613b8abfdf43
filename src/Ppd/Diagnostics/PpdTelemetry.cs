namespace Ppd;

/// <summary>Names under which requests are reported to OpenTelemetry: give them to <c>AddSource</c> and <c>AddMeter</c>.</summary>
public static class PpdTelemetry
{
    /// <summary>Source of the spans <c>chat</c>, <c>orchestrate_tools</c> and <c>execute_tool</c>, which <c>AddPpdChatCompletion</c> takes from Microsoft.Extensions.AI.</summary>
    public const string SourceName = "Ppd";

    /// <summary>Meter of the engine's own instruments, <c>ppd.*</c>, and of those of Microsoft.Extensions.AI, <c>gen_ai.client.*</c>.</summary>
    public const string MeterName = "Ppd";
}
