using System.Text.Json;
using Ppd.Templates;

namespace Ppd.Training.Demo.Corpus;

/// <summary>A conversation to learn from: turns and the tools that are offered in it, as a chat template takes them.</summary>
sealed record Conversation(IReadOnlyList<TemplateMessage> Messages, IReadOnlyList<JsonElement> Tools);
