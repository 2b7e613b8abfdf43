using Ppd.Grammars;

namespace Ppd.Chat.Schemas;

/// <summary>A part of a regular expression.</summary>
abstract record RegexNode
{
    /// <summary>Fewest characters.</summary>
    internal abstract int Least { get; }

    /// <summary>Most characters; null without end.</summary>
    internal abstract int? Most { get; }

    /// <summary>The item for the texts that match, as they stand inside a JSON string.</summary>
    /// <exception cref="FormatException">A set has no character that can be spelled.</exception>
    internal abstract string Write(RuleSet rules);

    /// <summary>The expression for those of its texts whose length is within bounds; null where it cannot be written.</summary>
    internal virtual RegexNode? WithLength(int least, int? most) => least <= Least && (most == null || Most <= most) ? this : null;

    /// <summary>One character.</summary>
    internal sealed record Characters(CharSet Set) : RegexNode
    {
        internal override int Least => 1;

        internal override int? Most => 1;

        internal override string Write(RuleSet rules) => JsonChars.Of(rules, Set) ?? throw new FormatException("has a set without any character that JSON can spell");
    }

    /// <summary>One after the other.</summary>
    internal sealed record Sequence(List<RegexNode> Parts) : RegexNode
    {
        internal override int Least => Parts.Sum(part => part.Least);

        internal override int? Most => Parts.Exists(part => part.Most == null) ? null : Parts.Sum(part => part.Most);

        internal override string Write(RuleSet rules) => Parts.Count == 0 ? "\"\"" : string.Join(' ', Parts.Select(part => part.Write(rules)));

        // What one part takes, the others leave it: with one part of open length the bounds become its own.
        internal override RegexNode? WithLength(int least, int? most)
        {
            if (base.WithLength(least, most) is { } fits) return fits;
            var open = Parts.FindAll(part => part.Most != part.Least);
            if (open.Count != 1) return null;
            var others = Least - open[0].Least;
            return open[0].WithLength(Math.Max(0, least - others), most - others) is { } part ? new Sequence([.. Parts.Select(each => ReferenceEquals(each, open[0]) ? part : each)]) : null;
        }
    }

    /// <summary>One of several.</summary>
    internal sealed record Either(List<RegexNode> Alternatives) : RegexNode
    {
        internal override int Least => Alternatives.Min(each => each.Least);

        internal override int? Most => Alternatives.Exists(each => each.Most == null) ? null : Alternatives.Max(each => each.Most);

        internal override string Write(RuleSet rules) => rules.Add("either", string.Join(" | ", Alternatives.Select(each => each.Write(rules)).Distinct()));

        internal override RegexNode? WithLength(int least, int? most)
        {
            var fitting = Alternatives.Where(each => each.Least <= (most ?? int.MaxValue) && (each.Most ?? int.MaxValue) >= least).Select(each => each.WithLength(least, most)).ToList();
            return fitting.Count == 0 || fitting.Contains(null) ? null : new Either(fitting!);
        }
    }

    /// <summary>Several times in a row.</summary>
    internal sealed record Repeat(RegexNode Item, int From, int? To) : RegexNode
    {
        internal override int Least => checked(Item.Least * From);

        internal override int? Most => Item.Most == 0 ? 0 : checked(Item.Most * To);

        internal override string Write(RuleSet rules)
        {
            if (Item.Least == 0 && To != 1) throw new FormatException("repeats what may be empty; let the repeated part have at least one character");
            var item = Item.Write(rules);
            if (To is not (null or > 0)) return "\"\"";
            // a repetition takes the one item before it
            return rules.Repeat(Item is Characters ? item : rules.Add("part", item), From, To, "parts");
        }

        internal override RegexNode? WithLength(int least, int? most)
        {
            if (Item.Least != Item.Most || Item.Least == 0) return base.WithLength(least, most);
            var size = Item.Least;
            var (from, to) = (Math.Max(From, (least + size - 1) / size), most == null ? To : Math.Min(To ?? int.MaxValue, most.Value / size));
            return to < from ? null : this with { From = from, To = to };
        }
    }
}
