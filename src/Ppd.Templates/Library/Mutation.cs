using Ppd.Templates.Runtime;

namespace Ppd.Templates.Library;

/// <summary>The gate before methods that change a list or dict in place.</summary>
static class Mutation
{
    public static object Allow(Execution execution, string type, string method, object bound) => execution.Limits.AllowMutation
        ? bound
        : throw execution.Error($"'{method}' would change a {type} in place, which the reference engine (the sandbox of Hugging Face transformers) "
            + $"forbids. Set {nameof(TemplateLimits)}.{nameof(TemplateLimits.AllowMutation)} to allow it, as llama.cpp does");
}
