namespace Ppd.Cli.Bench;

/// <summary>The server to compare with does not answer, or not as llama-server does.</summary>
sealed class PeerException : PpdException
{
    internal PeerException(string message) : base(message) { }

    internal PeerException(string message, Exception innerException) : base(message, innerException) { }
}
