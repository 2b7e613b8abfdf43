using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Ppd.Planning;

/// <summary>
/// Measured costs of one model on this machine, kept from load to load: one small JSON file for each combination of what the times depend on. A file that is missing,
/// damaged or cannot be written only means that the measurement is made again.
/// </summary>
sealed class CostFile
{
    readonly string _path;

    /// <param name="folder">Where such files are kept.</param>
    /// <param name="key">All that the times depend on: model, library, device, threads and settings, as text.</param>
    internal CostFile(string folder, string key)
    {
        Key = key;
        _path = Path.Combine(folder, $"cost-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)))[..16]}.json");
    }

    /// <summary>What the times depend on.</summary>
    internal string Key { get; }

    internal CostMeasurement? Read()
    {
        try
        {
            return File.Exists(_path) && JsonSerializer.Deserialize<Content>(File.ReadAllText(_path)) is { Costs.IsValid: true } content && content.Key == Key ? content.Costs : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    /// <summary>Returns why the file could not be written, or null.</summary>
    internal string? Write(CostMeasurement costs)
    {
        var unfinished = $"{_path}.{Environment.ProcessId}";
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
            File.WriteAllText(unfinished, JsonSerializer.Serialize(new Content(Key, costs)));
            File.Move(unfinished, _path, overwrite: true);
            return null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return error.Message;
        }
    }

    sealed record Content(string Key, CostMeasurement Costs);
}
