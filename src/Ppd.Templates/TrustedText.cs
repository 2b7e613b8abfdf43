namespace Ppd.Templates;

/// <summary>
/// Text that counts as the template's own, as if it had been written there: role names, BOS and EOS, dates. A plain string given to
/// <see cref="JinjaTemplate.Render"/> is the caller's input instead.
/// </summary>
/// <param name="Value">The text. Never put anything here that a user, a tool or a document can influence.</param>
public readonly record struct TrustedText(string Value);
