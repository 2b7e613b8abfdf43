namespace Ppd.Planning;

/// <summary>
/// What guesses of prompt tokens are worth by where these are decoded. Where another source has a guess that is probably right, in copied text and in what a grammar forces, it will mostly have the next one
/// as well; one mean over both kinds of places would be wrong at either.
/// </summary>
/// <param name="free">Values before there are samples, where no other source guesses.</param>
/// <param name="covered">Likewise where one does.</param>
/// <param name="memory">Samples after which an old one has lost most of its weight.</param>
sealed class PlaceValues(float[] free, float[] covered, float memory)
{
    readonly ChainValues _free = new(free, memory), _covered = new(covered, memory);

    /// <summary>Of a model without prompt tokens.</summary>
    internal static PlaceValues None { get; } = new([0], [0], 1);

    /// <summary>Largest distance.</summary>
    internal int Count => _free.Count;

    /// <summary>Values at one kind of places.</summary>
    internal ChainValues this[bool isCovered] => isCovered ? _covered : _free;
}
