namespace Ppd.Training.Data;

/// <summary>Documents side by side in one row of fixed length; each sees only itself and counts its positions from 0.</summary>
/// <param name="Ids">[T] tokens; 0 in the padding.</param>
/// <param name="Positions">[T] within the document.</param>
/// <param name="Documents">[T] number of the document; -1 in the padding.</param>
/// <param name="Points">Indices where a chain of prompt tokens may hang: enough of the document follows.</param>
sealed record PackedRow(int[] Ids, int[] Positions, int[] Documents, int[] Points);

/// <summary>Tokenised text as rows to train on.</summary>
static class PackedText
{
    /// <summary>Packs documents in their order. Longer ones are cut into parts that each start at position 0.</summary>
    /// <param name="documents">Token ids.</param>
    /// <param name="length">Tokens of a row.</param>
    /// <param name="count">Prompt tokens: a point needs count + 1 tokens behind it, the last being the last guess.</param>
    public static List<PackedRow> Pack(IEnumerable<int[]> documents, int length, int count)
    {
        List<PackedRow> rows = [];
        List<int[]> pending = [];
        foreach (var part in documents.SelectMany(document => document.Chunk(length)))
        {
            if (part.Length < count + 2) continue;     // no room for a single chain
            if (pending.Sum(p => p.Length) + part.Length > length) Flush();
            pending.Add(part);
        }
        if (pending.Count > 0) Flush();
        return rows;

        void Flush()
        {
            rows.Add(Row(pending, length, count));
            pending.Clear();
        }
    }

    static PackedRow Row(List<int[]> parts, int length, int count)
    {
        int[] ids = new int[length], positions = new int[length], documents = new int[length];
        List<int> points = [];
        Array.Fill(documents, -1);
        var at = 0;
        for (var document = 0; document < parts.Count; document++)
        {
            var part = parts[document];
            for (var position = 0; position < part.Length; position++, at++)
            {
                (ids[at], positions[at], documents[at]) = (part[position], position, document);
                if (position + count + 1 < part.Length) points.Add(at);
            }
        }
        return new PackedRow(ids, positions, documents, [.. points]);
    }
}
