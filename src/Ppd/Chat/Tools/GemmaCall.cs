using System.Text.Json;
using System.Text.Json.Nodes;
using Ppd.Chat.Schemas;

namespace Ppd.Chat.Tools;

/// <summary>A call in the notation of Gemma 4: <c>f{city:&lt;|"|&gt;Rome&lt;|"|&gt;,days:3}</c>.</summary>
/// <param name="Quote">The marker around strings.</param>
sealed record GemmaCall(string Quote) : ToolCallSyntax("", "{", "}")
{
    internal override IEnumerable<string> Literals => [AfterName, Quote, AfterArguments];

    LooseValues Values { get; } = LooseValues.Gemma(Quote);

    internal override ScanResult Read(ref TextScanner scanner, out ParsedCall? call)
    {
        call = null;
        if (!scanner.Name(AfterName, out var name)) return scanner.Failure;
        scanner.Position--;
        var arguments = new JsonObject();
        if (!LooseValues.Items(ref scanner, '}', (ref TextScanner s) => Values.Pair(ref s, arguments, ':'))) return scanner.Failure;
        call = ParsedCall.OfJson(name, null, JsonSerializer.SerializeToElement(arguments));
        return ScanResult.Match;
    }

    internal override Notation Notation => Notation.Gemma(Quote);

    internal override string Rule(SchemaCompiler compiler) => new ObjectRules(compiler, compiler.PlainObject(compiler.Root)).Members("arguments", new MemberForm(compiler));

    internal override string Write(JsonElement arguments) => Values.Write(arguments)[1..^1];
}
