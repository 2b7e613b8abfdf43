using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ppd.Native;

/// <summary>Puts llama.cpp's log pieces together: one log entry per line.</summary>
sealed class LlamaLibraryLogLines
{
    const int Debug = 1, Warning = 3, Error = 4, Continuation = 5; // ggml_log_level
    const int MaxLine = 16 * 1024; // characters; progress dots come without an end of line

    readonly Lock _gate = new();
    readonly StringBuilder _line = new();
    int _lineLevel;

    public ILogger Sink { get; set; } = NullLogger.Instance;

    /// <summary>A continuation goes on with the line before it, at that line's level, as long as that has not ended.</summary>
    public void Write(int level, string text)
    {
        (int Level, string Text)? interrupted = null, finished = null;
        lock (_gate)
        {
            if (level != Continuation)
            {
                if (_line.Length > 0)
                    interrupted = TakeLine();
                _lineLevel = level;
            }
            _line.Append(text);
            if (text.EndsWith('\n') || _line.Length > MaxLine)
                finished = TakeLine();
        }
        Emit(interrupted);
        Emit(finished);
    }

    (int, string) TakeLine()
    {
        string line = _line.ToString().TrimEnd();
        _line.Clear();
        return (_lineLevel, line);
    }

    void Emit((int Level, string Text)? line)
    {
        if (line is { Text.Length: > 0 } entry)
            Sink.Log(MapLevel(entry.Level), "{LlamaMessage}", entry.Text);
    }

    // "info" goes one step down: llama.cpp writes some hundred such lines per model load
    static LogLevel MapLevel(int level) => level switch
    {
        Error => LogLevel.Error,
        Warning => LogLevel.Warning,
        Debug => LogLevel.Trace,
        _ => LogLevel.Debug,
    };
}
