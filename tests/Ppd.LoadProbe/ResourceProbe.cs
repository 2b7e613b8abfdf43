namespace Ppd.LoadProbe;

static class ResourceProbe
{
    internal static Task Run(string file, string leak) => Task.CompletedTask;
}
