namespace Ppd;

/// <summary>The prompt does not fit into the context together with a reply.</summary>
public sealed class PpdContextLengthException : PpdException
{
    internal PpdContextLengthException(int required, int available) : base(
        $"The prompt has {required} tokens and the context holds {available}, prompt and reply together. Shorten the conversation, or raise ContextLength if the model allows it.")
    {
        Required = required;
        Available = available;
    }

    /// <summary>Tokens of the prompt.</summary>
    public int Required { get; }

    /// <summary>Tokens of the context.</summary>
    public int Available { get; }
}

/// <summary>More requests are waiting than the queue may hold.</summary>
public sealed class PpdQueueFullException : PpdException
{
    internal PpdQueueFullException(int limit) : base(
        $"Every slot is busy and {limit} requests are waiting, the limit of the queue. Send fewer at once, wait and retry, or raise Slots or QueueLimit.") => Limit = limit;

    /// <summary>Requests that may wait.</summary>
    public int Limit { get; }
}

/// <summary>The model's chat template cannot be used, or refuses these messages (roles in an order it does not know, for example); its own words are in the message.</summary>
public sealed class PpdTemplateException : PpdException
{
    internal PpdTemplateException(string message, Exception innerException) : base(message, innerException) { }
}

/// <summary>llama.cpp could not run a decode; its log says why.</summary>
public sealed class PpdDecodeException : PpdException
{
    internal PpdDecodeException(int code, int rows) : base(code == 1
        ? $"The KV cache has no room for {rows} rows. This is a bug in the cache bookkeeping; please report it with the log."
        : $"llama_decode returned {code} for a batch of {rows} rows: {(code == -1 ? "the batch was invalid, a bug; please report it with the log" : "the backend failed or memory ran out")}.") =>
        Code = code;

    /// <summary>Return value of <c>llama_decode</c>.</summary>
    public int Code { get; }
}

/// <summary>The request required a call of a function, and what the model wrote is none that can be read.</summary>
public sealed class PpdToolCallException : PpdException
{
    internal PpdToolCallException(string? function, string reply) : base(
        $"A call of {(function == null ? "a function" : $"'{function}'")} was required, and the model wrote none that can be read: '{reply}'. "
        + "Raise MaxOutputTokens if it was cut off, describe functions and arguments more clearly, or do not require a call.") => Reply = reply;

    /// <summary>What the model wrote instead, the forced beginning included; long replies are cut.</summary>
    public string Reply { get; }
}
