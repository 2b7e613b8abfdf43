using System.Text.Json;
using Ppd.Chat.Schemas;
using Ppd.Templates;

namespace Ppd.Chat.Tools;

/// <summary>
/// How one call is laid out: <c>BeforeName name AfterName arguments AfterArguments</c>, the arguments as the derived record says. Literals may hold the places of
/// <see cref="ToolCallText"/>.
/// </summary>
/// <param name="BeforeName">Text from the beginning of the call to the function's name.</param>
/// <param name="AfterName">Text between name and arguments.</param>
/// <param name="AfterArguments">Text from the arguments to the end of the call.</param>
abstract record ToolCallSyntax(string BeforeName, string AfterName, string AfterArguments)
{
    static readonly JinjaTemplate AsJson = JinjaTemplate.Parse("{{ value | tojson }}");

    /// <summary>All literals; special tokens in them have to be seen to read calls.</summary>
    internal virtual IEnumerable<string> Literals => [BeforeName, AfterName, AfterArguments];

    /// <summary>The last character of every call.</summary>
    internal virtual char Last => '}';

    /// <summary>Whether there is enough of a call to know that it is one; until then it may turn out to be text at any character.</summary>
    internal virtual bool HasBegun(ReadOnlySpan<char> text) => text.Count('"') > 1;

    /// <summary>Takes one call. After <see cref="ScanResult.Match"/> the scanner stands behind it, otherwise anywhere.</summary>
    internal abstract ScanResult Read(ref TextScanner scanner, out ParsedCall? call);

    /// <summary>Writes the arguments, a JSON object.</summary>
    internal abstract string Write(JsonElement arguments);

    /// <summary>The notation of arguments.</summary>
    internal virtual Notation Notation => Notation.Json;

    /// <summary>The item for arguments that satisfy the compiler's schema, written by rules in <see cref="Notation"/>; empty where there are none to write.</summary>
    /// <exception cref="PpdSchemaException">The schema asks for something that a grammar cannot guarantee.</exception>
    internal virtual string Rule(SchemaCompiler compiler) => compiler.Value(compiler.Root, "arguments");

    /// <summary>The name as it stands in a call.</summary>
    internal virtual string WriteName(string name) => name;

    /// <summary>JSON spaced as Python writes it, which is what models were trained on.</summary>
    protected static string Json(JsonElement value) => AsJson.Render(new Dictionary<string, object?> { ["value"] = value }).Text;
}
