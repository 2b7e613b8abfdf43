namespace Ppd.Planning;

/// <summary>
/// Measured costs of one model on this machine, kept from load to load: one small JSON file for each combination of what the times depend on. A file that is missing,
/// damaged or cannot be written only means that the measurement is made again.
/// </summary>
/// <param name="folder">Where such files are kept.</param>
/// <param name="key">All that the times depend on: model, library, device, threads and settings, as text.</param>
sealed class CostFile(string folder, string key)
{
    readonly KeyedFile<CostMeasurement> _file = new(folder, "cost", key);

    internal CostMeasurement? Read() => _file.Read().Value is { Rows: not null, Times: not null, IsValid: true } costs ? costs : null;

    /// <summary>Returns why the file could not be written, or null.</summary>
    internal string? Write(CostMeasurement costs) => _file.Write(costs);
}
