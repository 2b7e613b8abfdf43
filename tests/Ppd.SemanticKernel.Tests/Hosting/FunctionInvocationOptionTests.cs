using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Ppd.SemanticKernel.Tests.Hosting;

/// <summary>Options of the middleware that invokes functions.</summary>
public sealed class FunctionInvocationOptionTests(RandomChatModel random)
{
    [Fact]
    public void What_is_set_reaches_the_middleware()
    {
        using var services = Services(options =>
            (options.MaximumIterations, options.MaximumConsecutiveErrors, options.IncludeDetailedErrors, options.AllowConcurrentInvocation) = (5, 0, true, true));
        var invoker = Invoker(services);
        (invoker.MaximumIterationsPerRequest, invoker.MaximumConsecutiveErrorsPerRequest, invoker.IncludeDetailedErrors, invoker.AllowConcurrentInvocation).ShouldBe((5, 0, true, true));
    }

    [Fact]
    public void What_is_unset_stays_as_Semantic_Kernel_has_it()
    {
        using var client = new PpdChatClient(random.Model);
        var own = client.AsBuilder().UseKernelFunctionInvocation().Build().GetRequiredService<FunctionInvokingChatClient>();
        using var services = Services(_ => { });
        var invoker = Invoker(services);
        (invoker.MaximumIterationsPerRequest, invoker.MaximumConsecutiveErrorsPerRequest, invoker.IncludeDetailedErrors, invoker.AllowConcurrentInvocation)
            .ShouldBe((own.MaximumIterationsPerRequest, own.MaximumConsecutiveErrorsPerRequest, own.IncludeDetailedErrors, own.AllowConcurrentInvocation));
    }

    [Fact]
    public void Values_out_of_range_are_refused_together()
    {
        using var services = Services(options => (options.MaximumIterations, options.MaximumConsecutiveErrors) = (0, -1));
        var message = Should.Throw<OptionsValidationException>(services.GetRequiredService<IChatClient>).Message;
        message.ShouldContain("MaximumIterations is 0; allowed are 1 and more");
        message.ShouldContain("MaximumConsecutiveErrors is -1; allowed are 0 and more");
    }

    ServiceProvider Services(Action<PpdFunctionInvocationOptions> configure) =>
        new ServiceCollection().AddPpdChatCompletion(random.Options("one")).Configure(configure).BuildServiceProvider();

    static FunctionInvokingChatClient Invoker(ServiceProvider services) => services.GetRequiredService<IChatClient>().GetRequiredService<FunctionInvokingChatClient>();
}
