using System.Globalization;

namespace Ppd.Cli.Bench;

/// <summary>What else the machine does.</summary>
static class MachineLoad
{
    const string LinuxFile = "/proc/loadavg";
    const double Quiet = 0.25;     // of a processor

    /// <summary>Load averages over 1, 5 and 15 minutes; null where the system does not say.</summary>
    internal static double[]? Read() => File.Exists(LinuxFile)
        ? [.. File.ReadAllText(LinuxFile).Split(' ').Take(3).Select(number => double.Parse(number, CultureInfo.InvariantCulture))]
        : null;

    /// <summary>A warning where the figures cannot be trusted.</summary>
    internal static string? Warning(IReadOnlyList<double>? load) => load?[0] > Quiet
        ? FormattableString.Invariant($"The machine was not idle: load {load[0]:0.00} on {Environment.ProcessorCount} processors before the measurement. ") +
            "Ratios may be believed, single speeds less."
        : null;
}
