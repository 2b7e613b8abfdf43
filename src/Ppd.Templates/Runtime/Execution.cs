using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Ppd.Templates.Values;

namespace Ppd.Templates.Runtime;

/// <summary>The state of one render: what it has used of its limits, the line it is at, where its output goes.</summary>
sealed class Execution
{
    const int CharactersPerStep = 8;

    // Eighths of a step, so that short texts are not free.
    readonly long _budget;
    long _used;
    int _depth;

    public Execution(TemplateLimits limits, TimeProvider clock)
    {
        Limits = limits;
        Clock = clock;
        _budget = limits.MaxSteps > long.MaxValue / CharactersPerStep ? long.MaxValue : limits.MaxSteps * CharactersPerStep;
        Output = new MarkedBuilder(this);
        Keys = new KeyComparer(this);
    }

    public TemplateLimits Limits { get; }

    public TimeProvider Clock { get; }

    public KeyComparer Keys { get; }

    public MarkedBuilder Output { get; set; }

    public int Line { get; set; } = 1;

    public void Charge(long steps) => ChargeUnits(steps > _budget / CharactersPerStep ? long.MaxValue : steps * CharactersPerStep);

    /// <summary>Charges for <paramref name="added"/> characters appended to a text that has <paramref name="current"/>.</summary>
    public void ChargeText(int current, int added)
    {
        CheckLength(current, added);
        ChargeUnits(added);
    }

    /// <summary>Charges for reading characters: comparing, searching, hashing.</summary>
    public void ChargeScan(long characters) => ChargeUnits(characters);

    public void CheckLength(int current, long added)
    {
        if (current + added > Limits.MaxOutputLength)
            throw new TemplateLimitException(nameof(TemplateLimits.MaxOutputLength), Limits.MaxOutputLength, Line);
    }

    /// <summary>One level deeper. An error ends the render, so <see cref="Leave"/> need not run after one.</summary>
    public void Enter()
    {
        if (++_depth > Limits.MaxDepth || !RuntimeHelpers.TryEnsureSufficientExecutionStack())
            throw new TemplateLimitException(nameof(TemplateLimits.MaxDepth), Limits.MaxDepth, Line);
        ChargeUnits(CharactersPerStep);
    }

    public void Leave() => _depth--;

    /// <summary>Sends output to a new text until <see cref="EndCapture"/>.</summary>
    public MarkedBuilder BeginCapture()
    {
        var outer = Output;
        Output = new MarkedBuilder(this);
        return outer;
    }

    public MarkedString EndCapture(MarkedBuilder outer)
    {
        var captured = Output.Build();
        Output = outer;
        return captured;
    }

    public TemplateEvaluationException Error(string message) => new(message, Line);

    [DoesNotReturn]
    public void Fail(string message) => throw Error(message);

    public MarkedString Slice(MarkedString value, int start, int length)
    {
        ChargeUnits(length);
        return value.Slice(start, length);
    }

    void ChargeUnits(long units)
    {
        _used += Math.Min(units, _budget);
        if (_used > _budget || _used < 0)
            throw new TemplateLimitException(nameof(TemplateLimits.MaxSteps), Limits.MaxSteps, Line);
    }
}
