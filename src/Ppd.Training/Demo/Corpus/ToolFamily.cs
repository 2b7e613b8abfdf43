namespace Ppd.Training.Demo.Corpus;

/// <summary>One argument of a family's tools.</summary>
/// <param name="Slot">Its slot in request patterns.</param>
/// <param name="Names">What different programs call it; words are joined in the style of the tool's name.</param>
/// <param name="Types">JSON schema types it may have.</param>
/// <param name="Draw">A value, as the user writes it.</param>
sealed record ToolArgument(string Slot, string[] Names, string[] Types, Func<Random, string> Draw);

/// <summary>What a tool answered and what the assistant makes of it.</summary>
readonly record struct ToolOutcome(string Result, string Answer);

/// <summary>Tools that do the same under different names, and everything that is said about them.</summary>
sealed class ToolFamily
{
    /// <summary>Function names as words, to be joined in some style.</summary>
    public required string[] Names { get; init; }

    /// <summary>Plugin names that Semantic Kernel may put before the function's.</summary>
    public required string[] Plugins { get; init; }

    public required string[] Descriptions { get; init; }

    public required ToolArgument[] Arguments { get; init; }

    /// <summary>Requests with all arguments.</summary>
    public required Phrases Requests { get; init; }

    /// <summary>Requests right after one of the same family, with new values; none when empty.</summary>
    public string[] FollowUps { get; init; } = [];

    /// <summary>Requests that forget the arguments, with what the assistant asks then; none when null.</summary>
    public (string[] Requests, string[] Questions, string[] Replies)? Incomplete { get; init; }

    /// <summary>What the assistant says when no such tool is offered; null when it knows the answer itself.</summary>
    public string[]? Without { get; init; }

    public required Func<Random, IReadOnlyDictionary<string, string>, ToolOutcome> Run { get; init; }

    public IReadOnlyDictionary<string, string> Draw(Random random) => Arguments.ToDictionary(argument => argument.Slot, argument => argument.Draw(random));
}
