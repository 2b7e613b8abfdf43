namespace Ppd.Training.Convert;

/// <summary>A checkpoint cannot be converted; the message says what it has and what could be done.</summary>
sealed class ConversionException : PpdException
{
    internal ConversionException(string message) : base(message) { }

    internal ConversionException(string message, Exception innerException) : base(message, innerException) { }
}
