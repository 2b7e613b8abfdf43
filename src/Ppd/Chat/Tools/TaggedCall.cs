using System.Text;
using System.Text.Json;
using Ppd.Chat.Schemas;

namespace Ppd.Chat.Tools;

/// <summary>
/// A call whose arguments stand in tags of their own, as Qwen3-Coder, GLM, DeepSeek V3.2 and MiniMax write it:
/// <c>name AfterName (ArgumentOpen key KeyClose value ValueClose)* End</c>. Values are text as it is for strings and JSON for everything else.
/// </summary>
/// <param name="AfterName">Between the function's name and the first argument.</param>
/// <param name="ArgumentOpen">Before the name of an argument.</param>
/// <param name="KeyClose">Between the name of an argument and a string.</param>
/// <param name="OtherKeyClose">Between the name of an argument and any other value; differs from <paramref name="KeyClose"/> where tags say the type.</param>
/// <param name="ValueClose">Behind a value; may repeat the name of the argument at <see cref="ToolCallText.Key"/>.</param>
/// <param name="End">What must follow the last argument, part of the format's text behind the call: without it the call is not complete.</param>
sealed record TaggedCall(string AfterName, string ArgumentOpen, string KeyClose, string OtherKeyClose, string ValueClose, string End) : ToolCallSyntax("", AfterName, "")
{
    const int MostArguments = 256;
    const string QuoteOpen = "<![CDATA[";
    const string QuoteClose = "]]>";

    internal override IEnumerable<string> Literals => [AfterName, ArgumentOpen, KeyClose, OtherKeyClose, ValueClose, End];

    internal override char Last => End.TrimEnd()[^1];

    internal override bool HasBegun(ReadOnlySpan<char> text) => text.Contains(ArgumentOpen.Trim(), StringComparison.Ordinal);

    // Where names are attributes as in XML, text may be quoted as in XML (MiniCPM).
    bool HasAttributes => ArgumentOpen.EndsWith("=\"", StringComparison.Ordinal);

    internal bool NamesTypes => KeyClose != OtherKeyClose;

    internal override ScanResult Read(ref TextScanner scanner, out ParsedCall? call)
    {
        call = null;
        if (!scanner.Name(AfterName, out var name)) return scanner.Failure;
        List<ParsedArgument> arguments = [];
        while (!scanner.IsNext(End))
        {
            if (arguments.Count == MostArguments || scanner.MayBeNext(End) || !scanner.Literal(ArgumentOpen) || !Argument(ref scanner, out var argument)) return scanner.Failure;
            arguments.Add(argument);
        }
        call = new ParsedCall(name, scanner.Id, arguments);
        return ScanResult.Match;
    }

    internal override string Rule(SchemaCompiler compiler) => new ObjectRules(compiler, compiler.PlainObject(compiler.Root)).Members("arguments", new TaggedMembers(compiler, this));

    internal override string Write(JsonElement arguments)
    {
        var text = new StringBuilder();
        foreach (var argument in arguments.EnumerateObject())
        {
            var isText = argument.Value.ValueKind == JsonValueKind.String;
            text.Append(ArgumentOpen).Append(argument.Name).Append(isText ? KeyClose : OtherKeyClose)
                .Append(isText ? argument.Value.GetString() : Json(argument.Value)).Append(ValueClose.Replace(ToolCallText.Key.ToString(), argument.Name));
        }
        return text.ToString();
    }

    bool Argument(ref TextScanner scanner, out ParsedArgument argument)
    {
        argument = default;
        if (!Key(ref scanner, out var key, out var isText)) return false;
        var close = ValueClose.Replace(ToolCallText.Key.ToString(), key);
        var marker = close.Trim();
        var isQuoted = HasAttributes && scanner.Literal(QuoteOpen);
        if (!scanner.Until(isQuoted ? QuoteClose : marker, out var value) || (isQuoted && !scanner.Literal(marker))) return false;
        // MiniMax M3 writes lists and objects as further tags named after their keys, which are not read
        if (ValueClose.IndexOf(ToolCallText.Key) is > 0 and var named && value.Contains(ValueClose.AsSpan(0, named).TrimEnd("</"), StringComparison.Ordinal)) return false;
        // white space of the layout goes, that of the value stays
        var keyClose = isText ? KeyClose : OtherKeyClose;
        var text = Without(value, keyClose[keyClose.TrimEnd().Length..], close[..(close.Length - close.TrimStart().Length)]).ToString();
        if (NamesTypes && !isText)
        {
            if (!JsonText.TryParse(text, out var json)) return false;
            argument = new ParsedArgument(key, json, IsRaw: false);
            return true;
        }
        argument = new ParsedArgument(key, JsonSerializer.SerializeToElement(text), IsRaw: !NamesTypes);
        return true;
    }

    bool Key(ref TextScanner scanner, out string key, out bool isText)
    {
        var start = scanner.Position;
        key = "";
        isText = true;
        while (scanner.Rest.Length > 0)
        {
            var end = scanner.Position;
            // white space before the value belongs to the value, so the literal ends with its last visible character
            if (end > start && (scanner.Literal(KeyClose) || (NamesTypes && !(isText = !scanner.Literal(OtherKeyClose)))))
            {
                var position = scanner.Position;
                scanner.Position = start;
                key = scanner.Rest[..(end - start)].Trim().ToString();
                scanner.Position = position;
                return key.Length > 0;
            }
            if (scanner.Rest[0] is '<' or '>' or '"' or '\n') return false;
            scanner.Position = end + 1;
        }
        scanner.Starve();
        return false;
    }

    static ReadOnlySpan<char> Without(ReadOnlySpan<char> value, string before, string after)
    {
        if (before.Length > 0 && value.StartsWith(before)) value = value[before.Length..];
        return after.Length > 0 && value.EndsWith(after) ? value[..^after.Length] : value;
    }
}
