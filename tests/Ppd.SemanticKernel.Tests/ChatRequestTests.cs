namespace Ppd.SemanticKernel.Tests;

/// <summary>What may be sent, and what comes back with it.</summary>
public sealed class ChatRequestTests(RandomChatModel random)
{
    static readonly ChatOptions Options = new() { Temperature = 1, Seed = 4, MaxOutputTokens = 20 };

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Statistics_are_on_response_and_message()
    {
        var response = await random.Client.GetResponseAsync("a", Options, Cancel);
        var statistics = response.AdditionalProperties![PpdGenerationStatistics.Key].ShouldBeOfType<PpdGenerationStatistics>();
        statistics.GeneratedTokens.ShouldBe(20);
        response.Messages[0].AdditionalProperties![PpdGenerationStatistics.Key].ShouldBeSameAs(statistics);
    }

    [Fact]
    public async Task Observer_of_steps_sees_what_the_statistics_count()
    {
        List<PpdStep> steps = [];
        var options = new ChatOptions { Temperature = 0, MaxOutputTokens = 100, RawRepresentationFactory = _ => new PpdRequestOptions { OnStep = steps.Add, Plan = PpdPlan.Tree(6) } };
        var response = await random.Client.GetResponseAsync(RandomChatModel.Prompt, options, Cancel);
        var statistics = response.AdditionalProperties![PpdGenerationStatistics.Key].ShouldBeOfType<PpdGenerationStatistics>();
        (steps.Count, steps.Sum(step => step.Rows), steps.Sum(step => step.Guesses.Count), steps.Sum(step => step.Accepted))
            .ShouldBe((statistics.Steps, statistics.Rows, statistics.ProposedTokens, statistics.AcceptedTokens));
        statistics.AcceptedTokens.ShouldBeGreaterThan(0);
        // right guesses and what was drawn behind them are the reply
        string.Concat(steps.Select(step => string.Concat(step.Guesses.Where(guess => guess.Accepted).Select(guess => guess.Text)) + step.Drawn)).ShouldBe(response.Text);
        steps.ShouldAllBe(step => step.Time > TimeSpan.Zero && step.ExpectedTime > TimeSpan.Zero && step.PlainTime > TimeSpan.Zero && step.TokensPerMillisecond > 0);
        steps.ShouldContain(step => step.LeftOut != null);
    }

    // the first step has the rows of the prompt too: more than any tree
    [Fact]
    public async Task Observer_of_steps_sees_the_reply_to_a_long_prompt()
    {
        List<PpdStep> steps = [];
        var options = new ChatOptions { Temperature = 0, MaxOutputTokens = 10, RawRepresentationFactory = _ => new PpdRequestOptions { OnStep = steps.Add } };
        var response = await random.Client.GetResponseAsync(string.Concat(Enumerable.Range(0, 12).Select(i => $"{i} tales and ")), options, Cancel);
        response.Usage!.InputTokenCount!.Value.ShouldBeGreaterThan(100);
        steps.Count.ShouldBe(response.AdditionalProperties![PpdGenerationStatistics.Key].ShouldBeOfType<PpdGenerationStatistics>().Steps);
        steps[0].Rows.ShouldBeLessThan(100);
        steps[0].ExpectedTime.ShouldBeGreaterThan(TimeSpan.Zero);
    }

    [Fact]
    public async Task Observer_that_throws_ends_its_reply_and_no_other()
    {
        var options = new ChatOptions { Seed = 4, MaxOutputTokens = 20, RawRepresentationFactory = _ => new PpdRequestOptions { OnStep = _ => throw new InvalidOperationException("mine") } };
        (await Should.ThrowAsync<InvalidOperationException>(() => random.Client.GetResponseAsync("a", options, Cancel))).Message.ShouldBe("mine");
        (await random.Client.GetResponseAsync("a", Options, Cancel)).Text.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task Plan_of_the_publication_needs_prompt_tokens()
    {
        var options = new ChatOptions { MaxOutputTokens = 20, RawRepresentationFactory = _ => new PpdRequestOptions { Plan = PpdPlan.Static(16) } };
        (await Should.ThrowAsync<NotSupportedException>(() => random.Client.GetResponseAsync("a", options, Cancel))).Message.ShouldContain("need prompt tokens");
    }

    [Fact]
    public async Task Empty_messages_are_answered()
    {
        ChatMessage[] messages = [new(ChatRole.System, []), new(ChatRole.User, []), new(ChatRole.Assistant, []), new(ChatRole.User, "a")];
        (await random.Client.GetResponseAsync(messages, Options, Cancel)).Text.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task Text_parts_of_a_message_count_as_one()
    {
        ChatMessage[] parts = [new(ChatRole.User, [new Microsoft.Extensions.AI.TextContent("tell "), new Microsoft.Extensions.AI.TextContent("a tale")])];
        (await random.Client.GetResponseAsync(parts, Options, Cancel)).Text.ShouldBe((await random.Client.GetResponseAsync("tell a tale", Options, Cancel)).Text);
    }

    [Fact]
    public async Task Missing_messages_are_refused()
    {
        var missing = (IEnumerable<ChatMessage>)null!;
        await Should.ThrowAsync<ArgumentNullException>(() => random.Client.GetResponseAsync(missing, cancellationToken: Cancel));
        await Should.ThrowAsync<ArgumentNullException>(() => random.Client.GetStreamingResponseAsync(missing, cancellationToken: Cancel).ToChatResponseAsync(Cancel));
        (await Should.ThrowAsync<ArgumentException>(() => random.Client.GetResponseAsync([], cancellationToken: Cancel))).Message.ShouldContain("no messages");
        Should.Throw<ArgumentNullException>(() => new PpdChatClient((PpdModel)null!)).ParamName.ShouldBe("model");
    }

    [Fact]
    public async Task An_image_is_refused_by_name()
    {
        ChatMessage[] messages = [new(ChatRole.User, [new DataContent(new byte[] { 1 }, "image/png")])];
        (await Should.ThrowAsync<NotSupportedException>(() => random.Client.GetResponseAsync(messages, Options, Cancel))).Message.ShouldContain("DataContent");
    }

    [Fact]
    public async Task A_prompt_longer_than_the_context_is_refused_with_both_lengths()
    {
        var error = await Should.ThrowAsync<PpdContextLengthException>(() => random.Client.GetResponseAsync(string.Concat(Enumerable.Repeat("z9 ", 400)), Options, Cancel));
        error.Required.ShouldBeGreaterThan(256);
        error.Available.ShouldBe(256);
    }

    [Fact]
    public async Task Requests_at_the_same_time_get_the_replies_of_requests_one_after_the_other()
    {
        string[] prompts = ["a tale", "who", "what now", "and then", "why"];
        List<string> alone = [];
        foreach (var prompt in prompts) alone.Add((await random.Client.GetResponseAsync(prompt, Options, Cancel)).Text);
        alone.Distinct().Count().ShouldBe(prompts.Length);
        var together = await Task.WhenAll(prompts.Select(prompt => random.Client.GetResponseAsync(prompt, Options, Cancel)));
        together.Select(r => r.Text).ShouldBe(alone);
    }
}
