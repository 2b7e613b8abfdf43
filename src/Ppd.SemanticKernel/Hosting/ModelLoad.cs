using Microsoft.Extensions.Logging;

namespace Ppd.SemanticKernel.Hosting;

/// <summary>How far a registered model is.</summary>
enum ModelPhase
{
    /// <summary>Nobody has asked for it yet.</summary>
    NotLoaded,

    /// <summary>Its weights are being read, or its cache is being made.</summary>
    Loading,

    /// <summary>It answers.</summary>
    Ready,

    /// <summary>The last attempt failed; the next one who asks for the model tries again.</summary>
    Failed,
}

/// <param name="Phase">How far it is.</param>
/// <param name="Fraction">Of the weights that are loaded, 0 to 1.</param>
/// <param name="Error">Why it failed.</param>
/// <param name="Model">The model, when it is ready.</param>
sealed record ModelState(ModelPhase Phase, float Fraction = 0, Exception? Error = null, PpdModel? Model = null);

/// <summary>Loads a registered model and knows how far it is.</summary>
sealed class ModelLoad : IProgress<float>
{
    volatile ModelState _state = new(ModelPhase.NotLoaded);

    internal ModelState State => _state;

    internal PpdModel Run(Func<PpdModelOptions> options, ILoggerFactory? loggers)
    {
        _state = new ModelState(ModelPhase.Loading);
        try
        {
            var model = PpdModel.Load(options(), loggers, this);
            _state = new ModelState(ModelPhase.Ready, Fraction: 1, Model: model);
            return model;
        }
        catch (Exception error)
        {
            _state = new ModelState(ModelPhase.Failed, Error: error);
            throw;
        }
    }

    /// <inheritdoc/>
    public void Report(float value) => _state = new ModelState(ModelPhase.Loading, value);
}
