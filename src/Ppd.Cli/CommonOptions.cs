using System.CommandLine;

namespace Ppd.Cli;

/// <summary>Options that several commands have.</summary>
static class CommonOptions
{
    public static Option<string?> Runtime() => new("--runtime")
    {
        HelpName = "PATH",
        Description = "File or folder of the llama.cpp library. Default: environment variable PPD_LLAMA_LIBRARY, the program's folder, the system.",
    };
}
