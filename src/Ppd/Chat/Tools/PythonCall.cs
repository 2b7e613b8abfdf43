using System.Text.Json;
using System.Text.Json.Nodes;
using Ppd.Chat.Schemas;

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

    internal override char Last => ')';

    internal override Notation Notation => Notation.Python;

    internal override string Rule(SchemaCompiler compiler) => new ObjectRules(compiler, compiler.PlainObject(compiler.Root)).Members("arguments", new Keywords(compiler));

    internal override string Write(JsonElement arguments) =>
        string.Join(", ", arguments.EnumerateObject().Select(p => $"{p.Name}={LooseValues.Python.Write(p.Value)}"));

    sealed class Keywords(SchemaCompiler compiler) : MemberForm(compiler)
    {
        internal override string Key(string name) => $"{name}=";

        internal override string? Other(string hint, IReadOnlyList<string> declared, SchemaNode schema) =>
            declared.Count > 0 ? null : Compiler.Rules.Add($"{hint}-other", $"{BareName(Compiler.Rules)} \"=\" {Compiler.Value(schema, $"{hint}-value")}");
    }
}
