namespace Marketplace.Search.Correcting;

/// <summary>
/// Damerau–Levenshtein distance on letters, in its restricted form (optimal string alignment): a letter too many, missing or wrong,
/// or two neighbours swapped, no letter touched twice.
/// </summary>
internal static class EditDistance
{
    private const int MaxLength = Analysis.Tokenizer.MaxTokenLength;

    /// <summary>The number of edits, or something above <paramref name="most"/> when there are more.</summary>
    public static int Edits(ReadOnlySpan<char> a, ReadOnlySpan<char> b, int most)
    {
        Trim(ref a, ref b);
        if (Math.Abs(a.Length - b.Length) > most || a.Length > MaxLength || b.Length > MaxLength)
        {
            return most + 1;
        }

        // Only cells near the diagonal can stay within the limit; those beside them count as above it.
        const int width = MaxLength + 2;
        Span<byte> rows = stackalloc byte[3 * width];
        rows.Fill((byte)(most + 1));
        var before = rows[..width];
        var last = rows.Slice(width, width);
        var row = rows.Slice(2 * width, width);
        for (var j = 0; j <= Math.Min(most, b.Length); j++)
        {
            last[j] = (byte)j;
        }

        for (var i = 1; i <= a.Length; i++)
        {
            var from = Math.Max(1, i - most);
            var to = Math.Min(b.Length, i + most);
            row[from - 1] = (byte)(from == 1 ? Math.Min(i, most + 1) : most + 1);
            var least = (int)row[from - 1];
            for (var j = from; j <= to; j++)
            {
                var cost = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                cost = Math.Min(cost, Math.Min(last[j], row[j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    cost = Math.Min(cost, before[j - 2] + 1);
                }

                row[j] = (byte)cost;
                least = Math.Min(least, cost);
            }

            row[to + 1] = (byte)(most + 1);
            if (least > most)
            {
                return most + 1;
            }

            var free = before;
            before = last;
            last = row;
            row = free;
        }

        return last[b.Length];
    }

    /// <summary>What the edits from what was typed to what was meant cost: 1 each at most, less where a slip is usual.</summary>
    public static float Cost(ReadOnlySpan<char> typed, ReadOnlySpan<char> meant)
    {
        const int width = MaxLength + 1;
        Span<float> costs = stackalloc float[width * 3];
        var before = costs[..width];
        var last = costs.Slice(width, width);
        var row = costs.Slice(2 * width, width);
        last[0] = 0;
        for (var j = 1; j <= meant.Length; j++)
        {
            last[j] = last[j - 1] + SlipCosts.Missing(meant, j - 1);
        }

        for (var i = 1; i <= typed.Length; i++)
        {
            row[0] = last[0] + SlipCosts.Missing(typed, i - 1);
            for (var j = 1; j <= meant.Length; j++)
            {
                var (a, b) = (typed[i - 1], meant[j - 1]);
                var cost = last[j - 1] + (a == b ? 0 : SlipCosts.Wrong(a, b));
                cost = Math.Min(cost, last[j] + SlipCosts.Missing(typed, i - 1));
                cost = Math.Min(cost, row[j - 1] + SlipCosts.Missing(meant, j - 1));
                if (i > 1 && j > 1 && a == meant[j - 2] && typed[i - 2] == b && a != b)
                {
                    cost = Math.Min(cost, before[j - 2] + SlipCosts.Swapped);
                }

                row[j] = cost;
            }

            var free = before;
            before = last;
            last = row;
            row = free;
        }

        return last[meant.Length];
    }

    private static void Trim(ref ReadOnlySpan<char> a, ref ReadOnlySpan<char> b)
    {
        var same = a.CommonPrefixLength(b);
        a = a[same..];
        b = b[same..];
        while (a.Length > 0 && b.Length > 0 && a[^1] == b[^1])
        {
            a = a[..^1];
            b = b[..^1];
        }
    }
}
