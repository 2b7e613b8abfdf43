namespace Ppd.Tests.Planning;

/// <summary>Accuracy tables recovered from the publication's tree files: [distances][ranks].</summary>
static class PublishedAccuracies
{
    internal static readonly float[][] Vicuna7B =
    [
        [.48335f, .14342f, .07360f, .04540f, .03087f, .02155f, .01658f, .01323f, .00932f, .00845f],
        [.2626f, .1456f, .0811f, .0576f, .0428f, .0323f, .0257f, .0215f, .0190f, .0155f],
        [.1641f, .1176f, .0809f, .0578f, .0459f, .0367f, .0313f, .0232f, .0237f, .0179f],
    ];

    // The files tell no more of the third distance; what is missing is too improbable for trees of 60.
    internal static readonly float[][] Vicuna13B =
    [
        [.51814f, .1446f, .07037f, .03814f, .02484f, .0195f, .01298f, .01199f, .0087f, .0082f],
        [.2941f, .1459f, .0873f, .0577f, .0386f, .0324f, .0251f, .0205f, .0155f, .0134f],
        [.1794f, .1257f, .0833f, .0626f, .0456f],
    ];

    internal static readonly float[][] MobileLlama =
    [
        [.34988f, .1459f, .07466f, .04727f, .03422f, .02745f, .02199f, .01578f, .01497f, .01404f],
        [.175f, .1189f, .0743f, .0551f, .0404f, .0329f, .027f, .0206f, .0177f, .0178f],
        [.1151f, .088f, .0697f, .0513f, .0395f, .032f, .026f, .025f, .0204f, .0198f],
    ];

    internal static float[][] Of(string model) => model switch
    {
        "7B" => Vicuna7B,
        "13B" => Vicuna13B,
        _ => MobileLlama,
    };
}
