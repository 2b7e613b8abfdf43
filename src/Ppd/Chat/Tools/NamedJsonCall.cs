using System.Text.Json;

namespace Ppd.Chat.Tools;

/// <summary>A call that is a name, a separator and a JSON object of arguments, as Mistral Small, DeepSeek, Kimi K2, Functionary and gpt-oss write it.</summary>
sealed record NamedJsonCall(string AfterName) : ToolCallSyntax("", AfterName, "")
{
    internal override ScanResult Read(ref TextScanner scanner, out ParsedCall? call)
    {
        call = null;
        if (!scanner.Name(AfterName, out var name)) return scanner.Failure;
        if (scanner.Peek() != '{' || !scanner.Json(out var arguments)) return scanner.Failure;
        call = ParsedCall.OfJson(name, scanner.Id, arguments);
        return ScanResult.Match;
    }

    internal override string Write(JsonElement arguments) => Json(arguments);
}
