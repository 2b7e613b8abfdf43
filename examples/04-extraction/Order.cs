using System.ComponentModel.DataAnnotations;

namespace Examples;

/// <summary>An order as the program wants it. The schema of the reply is made from it, bounds included: without them a confused model could write a number that no int holds.</summary>
sealed record Order([property: StringLength(30)] string Customer, [property: StringLength(30)] string City, [property: StringLength(30)] string Product, [property: Range(1, 999)] int Quantity);
