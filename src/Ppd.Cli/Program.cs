using System.CommandLine;
using System.CommandLine.Invocation;
using System.Globalization;
using System.Text;
using Ppd.Cli;
using Ppd.Cli.Bench;
using Ppd.Cli.Chat;
using Ppd.Cli.Inspect;
using Ppd.Cli.Tune;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;   // 0.8 is 0.8 whatever the system's language
Console.OutputEncoding = Console.InputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);

var terminal = new Terminal();
var root = new RootCommand("Runs a local GGUF model with llama.cpp, several tokens per forward pass.")
{
    InspectCommand.Create(terminal),
    ChatCommand.Create(terminal),
    BenchCommand.Create(terminal),
    TuneCommand.Create(terminal),
};

// a prompt may begin with '@', which would name a response file
var parsed = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
if (parsed.Action is ParseErrorAction error) error.ShowHelp = false;
// Ctrl+C is the commands' own business
return await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null, EnableDefaultExceptionHandler = false });
