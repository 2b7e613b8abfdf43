using System.ComponentModel;
using Microsoft.SemanticKernel;

namespace Examples;

/// <summary>Looks into a shop's shelves.</summary>
sealed class ShopPlugin
{
    static readonly Dictionary<string, (int Price, int Stock)> Shelves = new(StringComparer.OrdinalIgnoreCase) { ["lamp"] = (39, 12), ["kettle"] = (28, 0), ["sofa"] = (95, 2) };

    [KernelFunction("get_price"), Description("Gets the price of a product.")]
    public static string GetPrice(string product) => Shelves.TryGetValue(product, out var found) ? $"{found.Price} euros" : "not found";

    [KernelFunction("get_stock"), Description("Gets how many pieces of a product are in stock.")]
    public static string GetStock(string product) => Shelves.TryGetValue(product, out var found) ? $"{found.Stock} pieces" : "not found";
}

/// <summary>Would ring.</summary>
sealed class TimerPlugin
{
    [KernelFunction("set_timer"), Description("Sets a timer.")]
    public static string SetTimer(int minutes) => $"Timer set for {minutes} minutes.";
}

/// <summary>Shows each call before it is answered.</summary>
sealed class CallPrinter : IAutoFunctionInvocationFilter
{
    public async Task OnAutoFunctionInvocationAsync(AutoFunctionInvocationContext context, Func<AutoFunctionInvocationContext, Task> next)
    {
        await next(context);
        var arguments = string.Join(", ", context.Arguments?.Select(argument => $"{argument.Key}: {argument.Value}") ?? []);
        Console.WriteLine($"  {context.Function.Name}({arguments}) = {context.Result}");
    }
}
