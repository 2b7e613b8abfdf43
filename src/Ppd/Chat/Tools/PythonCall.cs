using System.Text.Json;
using System.Text.Json.Nodes;

namespace Ppd.Chat.Tools;

/// <summary>A call in Python's notation, <c>f(city='Rome', days=3)</c>, as LFM2 writes it.</summary>
sealed record PythonCall() : ToolCallSyntax("", "(", ")")
{
    internal override ScanResult Read(ref TextScanner scanner, out ParsedCall? call)
    {
        call = null;
        if (!scanner.Name(AfterName, out var name)) return scanner.Failure;
        scanner.Position--;
        var arguments = new JsonObject();
        if (!LooseValues.Items(ref scanner, ')', (ref TextScanner s) => LooseValues.Python.Pair(ref s, arguments, '='))) return scanner.Failure;
        call = ParsedCall.OfJson(name, null, JsonSerializer.SerializeToElement(arguments));
        return ScanResult.Match;
    }

    internal override string Write(JsonElement arguments) =>
        string.Join(", ", arguments.EnumerateObject().Select(p => $"{p.Name}={LooseValues.Python.Write(p.Value)}"));
}
