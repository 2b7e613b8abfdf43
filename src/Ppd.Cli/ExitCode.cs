namespace Ppd.Cli;

static class ExitCode
{
    public const int Success = 0;

    public const int Failure = 1;

    /// <summary>Ended by Ctrl+C, as shells count it: 128 + SIGINT.</summary>
    public const int Interrupted = 130;
}
