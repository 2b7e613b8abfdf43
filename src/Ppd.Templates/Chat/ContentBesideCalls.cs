namespace Ppd.Templates;

/// <summary>How a template wants the content of an assistant turn that has calls and no text.</summary>
enum ContentBesideCalls
{
    /// <summary>As an empty string: null would be printed as None or fail.</summary>
    Empty,

    /// <summary>As null: with any string the calls are not rendered.</summary>
    Null,

    /// <summary>Either will do.</summary>
    AsGiven,
}
