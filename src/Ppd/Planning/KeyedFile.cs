using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Ppd.Planning;

/// <summary>A small JSON file that holds what is true for one key, which is a text of any length: its hash is in the file's name, and the whole of it in the file.</summary>
sealed class KeyedFile<T> where T : class
{
    // a number or switch that is missing must not be read as 0
    static readonly JsonSerializerOptions Json = new() { RespectRequiredConstructorParameters = true };

    readonly string _key;

    /// <param name="folder">Where such files are kept.</param>
    /// <param name="kind">Begin of the file's name.</param>
    /// <param name="key">All that the content depends on.</param>
    internal KeyedFile(string folder, string kind, string key)
    {
        _key = key;
        Path = System.IO.Path.Combine(folder, $"{kind}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)))[..16]}.json");
    }

    internal string Path { get; }

    /// <summary>The content, or what is wrong with the file; neither where there is none.</summary>
    internal (T? Value, string? Problem) Read()
    {
        try
        {
            if (!File.Exists(Path)) return (null, null);
            var content = JsonSerializer.Deserialize<Content>(File.ReadAllText(Path), Json);
            return content?.Key == _key ? (content.Value, null) : (null, "it is not for this key");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException)
        {
            return (null, error.Message);
        }
    }

    /// <summary>Returns why the file could not be written, or null.</summary>
    internal string? Write(T value)
    {
        var unfinished = $"{Path}.{Environment.ProcessId}";
        try
        {
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);
            File.WriteAllText(unfinished, JsonSerializer.Serialize(new Content(_key, value), Json));
            File.Move(unfinished, Path, overwrite: true);
            return null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return error.Message;
        }
    }

    sealed record Content(string Key, T? Value);
}
