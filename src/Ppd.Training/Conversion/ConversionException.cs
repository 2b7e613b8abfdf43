namespace Ppd.Training.Conversion;

/// <summary>A checkpoint cannot be converted; the message says what it has and what could be done.</summary>
sealed class ConversionException : PpdException
{
    internal ConversionException(string message) : base(Visible(message)) { }

    internal ConversionException(string message, Exception innerException) : base(Visible(message), innerException) { }

    // messages quote texts from files of unknown origin, and a terminal obeys control characters
    static string Visible(string message) => string.Concat(message.Select(c => char.IsControl(c) ? '\uFFFD' : c));
}
