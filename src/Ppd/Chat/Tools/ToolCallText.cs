using System.Globalization;

namespace Ppd.Chat.Tools;

/// <summary>Literals of a <see cref="ToolCallFormat"/> with places that differ from call to call, each a private-use character.</summary>
static class ToolCallText
{
    /// <summary>The id of a call.</summary>
    internal const char Id = '\uE001';

    /// <summary>The number of a call in its reply, from 0.</summary>
    internal const char IndexFromZero = '\uE002';

    /// <summary>The number of a call in its reply, from 1.</summary>
    internal const char IndexFromOne = '\uE003';

    /// <summary>The name of the argument, once more behind its value.</summary>
    internal const char Key = '\uE004';

    internal static bool IsPlaceholder(char c) => c is Id or IndexFromZero or IndexFromOne;

    /// <summary>A literal with its places filled.</summary>
    internal static string Fill(string literal, string id, int index) => literal
        .Replace(Id.ToString(), id)
        .Replace(IndexFromZero.ToString(), index.ToString(CultureInfo.InvariantCulture))
        .Replace(IndexFromOne.ToString(), (index + 1).ToString(CultureInfo.InvariantCulture));
}
