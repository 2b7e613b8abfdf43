using System.CommandLine;
using System.CommandLine.Invocation;
using System.Globalization;
using Ppd.Training.Ablation;
using Ppd.Training.Commands;
using Ppd.Training.Conversion;
using Ppd.Training.Demo;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;   // 0.8 is 0.8 whatever the system's language

var terminal = new Terminal();
var root = new RootCommand("Trains what parallel prompt decoding needs. Needs libtorch, which the runtime packages do not.")
{
    PromptTokensCommand.Create(terminal),
    ConvertCommand.Create(terminal),
    DemoCommand.Create(terminal),
    AblateCommand.Create(terminal),
};

var parsed = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
if (parsed.Action is ParseErrorAction error) error.ShowHelp = false;
// Ctrl+C ends a run after its step; the last checkpoint stays
return await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(30), EnableDefaultExceptionHandler = false });
