namespace Ppd.Cli.Chat;

/// <summary>Ctrl+C: the first press stops the running reply; a second one, or one while no reply runs, ends the program.</summary>
sealed class Interruption : IDisposable
{
    volatile CancellationTokenSource? _running;

    public Interruption() => Console.CancelKeyPress += OnPress;

    /// <summary>A reply starts; the token is cancelled when it is to stop.</summary>
    public CancellationToken Begin()
    {
        // never disposed: it has no timer or handle, and a key press may still hold it
        var running = new CancellationTokenSource();
        _running = running;
        return running.Token;
    }

    public void End() => _running = null;

    public void Dispose() => Console.CancelKeyPress -= OnPress;

    void OnPress(object? sender, ConsoleCancelEventArgs press)
    {
        if (_running is not { IsCancellationRequested: false } running) return;
        press.Cancel = true;
        running.Cancel();
    }
}
