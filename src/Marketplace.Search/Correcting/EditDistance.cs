namespace Marketplace.Search.Correcting;

/// <summary>
/// What it costs to make one word of another, in the restricted form of Damerau–Levenshtein distance: a letter too many, missing or
/// wrong, or two neighbours swapped, no letter touched twice.
/// </summary>
internal static class EditDistance
{
    private const int MaxLength = Analysis.Tokenizer.MaxTokenLength;

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
}
