namespace Ppd.Training.Demo.Corpus;

/// <summary>A product of the made-up shop.</summary>
/// <param name="Name">Singular, lower case.</param>
/// <param name="Price">Euros.</param>
/// <param name="Colour">The only one it comes in.</param>
/// <param name="Stock">Pieces; 0 is sold out.</param>
sealed record Product(string Name, int Price, string Colour, int Stock);

/// <summary>The whole range of the made-up shop. The model knows it by heart.</summary>
static class Catalogue
{
    public const string Shop = "Lark and Finch";

    public static readonly Product[] Products =
    [
        new("lamp", 35, "white", 12), new("kettle", 28, "red", 7), new("mug", 6, "blue", 40), new("chair", 60, "brown", 9), new("table", 90, "brown", 3),
        new("sofa", 80, "grey", 2), new("clock", 20, "black", 15), new("mirror", 45, "silver", 0), new("rug", 50, "green", 5), new("vase", 15, "blue", 18),
        new("pillow", 12, "white", 30), new("blanket", 25, "red", 22), new("basket", 10, "yellow", 16), new("candle", 4, "white", 60), new("shelf", 40, "black", 8),
        new("stool", 30, "green", 11), new("desk", 75, "grey", 4), new("bench", 55, "brown", 0), new("teapot", 22, "yellow", 13), new("tray", 14, "silver", 20),
        new("bowl", 8, "green", 35), new("plate", 5, "white", 50), new("towel", 9, "blue", 25), new("curtain", 32, "red", 6),
    ];
}
