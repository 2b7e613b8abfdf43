using System.Text.Json;
using OpenQA.Selenium;
using OpenQA.Selenium.Chrome;
using Shouldly;
using Xunit;

namespace Ppd.Examples.Tests;

/// <summary>The page in headless Chromium, the server and the model behind it.</summary>
public sealed class WebChatTests
{
    /// <summary>Keeps what the server sends beside what the page makes of it.</summary>
    const string KeepResponse = "const own = window.fetch; window.fetch = async (...given) => { const response = await own(...given); response.clone().text().then(text => window.response = text); return response; };";

    static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task Page_shows_a_reply_step_by_step_with_figures_and_plainly_without_drafting()
    {
        var (browserPath, driverPath) = (Find("chromium"), Find("chromedriver"));
        Assert.SkipUnless(browserPath != null && driverPath != null, "No Chromium with chromedriver on the PATH (Debian: packages chromium and chromium-driver).");
        using var server = await WebChatServer.Start(TestContext.Current.CancellationToken);
        using var browser = Browser(browserPath!, driverPath!);
        browser.Navigate().GoToUrl(server.Address);
        Until(() => browser.FindElement(By.Id("model")).Text == "ppd-demo");

        browser.ExecuteScript(KeepResponse);
        var first = Ask(browser, "Tell me a long story about a fox.");
        var together = Steps(first);
        together.Length.ShouldBeGreaterThan(10);
        together.ShouldContain(tokens => tokens > 1);
        first.FindElements(By.TagName("span")).Select(span => span.GetAttribute("class")).ShouldBe(together.Select(tokens => $"together-{Math.Min(tokens, 4)}"));
        var colours = first.FindElements(By.TagName("span")).Select(span => (Class: span.GetAttribute("class"), Colour: span.GetCssValue("background-color"))).Distinct().ToArray();
        colours.Length.ShouldBeGreaterThan(1);
        colours.Select(each => each.Class).ShouldBeUnique();
        colours.Select(each => each.Colour).ShouldBeUnique();
        first.Text.Length.ShouldBeGreaterThan(50);
        Until(() => browser.ExecuteScript("return window.response") != null);
        var last = ((string)browser.ExecuteScript("return window.response")!).Split("\n\n", StringSplitOptions.RemoveEmptyEntries)[^1];
        first.GetDomProperty("textContent").ShouldBe(JsonDocument.Parse(last["data: ".Length..]).RootElement.GetProperty("reply").GetString());
        Figure(browser, "tokens-per-step").ShouldBeGreaterThan(1);
        Figure(browser, "rows-per-step").ShouldBeGreaterThan(1);
        Figure(browser, "tokens-per-second").ShouldBeGreaterThan(0);
        Figure(browser, "against-plain").ShouldBeGreaterThan(0);

        const string Accents = "Zoë, café, Köln, 東京: <b>bold</b>?";
        Ask(browser, Accents);
        browser.FindElements(By.ClassName("user"))[^1].Text.ShouldBe(Accents);

        browser.FindElement(By.Id("drafting")).Click();
        Steps(Ask(browser, "Tell me a long story about a cat.")).ShouldAllBe(tokens => tokens == 1);
        (Figure(browser, "tokens-per-step"), Figure(browser, "rows-per-step")).ShouldBe((1, 1));
        browser.FindElement(By.Id("drafting")).Click();
        Steps(Ask(browser, "Tell me a long story about a dog.")).ShouldContain(tokens => tokens > 1);
        browser.FindElements(By.ClassName("error")).ShouldBeEmpty();
    }

    static ChromeDriver Browser(string browserPath, string driverPath)
    {
        var options = new ChromeOptions { BinaryLocation = browserPath };
        options.AddArguments("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync");
        return new ChromeDriver(ChromeDriverService.CreateDefaultService(Path.GetDirectoryName(driverPath)!, Path.GetFileName(driverPath)), options, Patience);
    }

    static IWebElement Ask(ChromeDriver browser, string question)
    {
        var asked = browser.FindElements(By.CssSelector(".assistant[data-done]")).Count;
        browser.FindElement(By.Id("question")).SendKeys(question + Keys.Enter);
        Until(() => browser.FindElements(By.CssSelector(".assistant[data-done], .error")).Count > asked);
        return browser.FindElements(By.ClassName("assistant"))[^1];
    }

    // Tokens of each step of a reply.
    static int[] Steps(IWebElement reply) => [.. reply.FindElements(By.TagName("span")).Select(span => int.Parse(span.GetAttribute("title")!.Split(' ')[0]))];

    static double Figure(ChromeDriver browser, string id) => double.Parse(browser.FindElement(By.Id(id)).Text.Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);

    static void Until(Func<bool> condition)
    {
        var start = DateTime.UtcNow;
        while (!condition())
        {
            (DateTime.UtcNow - start).ShouldBeLessThan(Patience);
            Thread.Sleep(50);
        }
    }

    static string? Find(string program) =>
        Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator).Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);
}
