namespace Marketplace.Recommendations.Ranking;

/// <summary>Where a candidate stands before any comparison of scores: personal ones first, then what all want.</summary>
internal enum CandidateTier
{
    Personal,
    Trending,
    Popular,
}

/// <param name="Brand">What stands for the brand; -1: none.</param>
internal readonly record struct Candidate(int Item, CandidateTier Tier, float Score, int Brand);

/// <summary>
/// Picks a list from candidates, greedily, so that it is varied: each item of a brand makes the next one of it worth less, and
/// past the brand's share it comes after everything else.
/// </summary>
/// <param name="repetition">Factor for each item of the same brand already picked.</param>
/// <param name="maxShare">Largest share of a brand while there is anything else.</param>
internal sealed class DiversePicker(float repetition, double maxShare)
{
    private const int MaxOnStack = 512;

    /// <summary>Picks up to <paramref name="limit"/> candidates in place, to the front; returns how many. Their scores never rise.</summary>
    public int Pick(Span<Candidate> candidates, int limit)
    {
        var picked = Math.Min(limit, candidates.Length);
        var maxOfBrand = Math.Max(1, (int)Math.Floor(picked * maxShare));
        var ceiling = float.PositiveInfinity;

        // Beside each candidate: how many of its brand are picked, and what that makes of its score.
        Span<int> same = candidates.Length <= MaxOnStack ? stackalloc int[candidates.Length] : new int[candidates.Length];
        Span<float> factors = candidates.Length <= MaxOnStack ? stackalloc float[candidates.Length] : new float[candidates.Length];
        same.Clear();
        factors.Fill(1);
        for (var place = 0; place < picked; place++)
        {
            var best = place;
            var bestWorth = WorthOf(place, candidates, same, factors);
            for (var i = place + 1; i < candidates.Length; i++)
            {
                var worth = WorthOf(i, candidates, same, factors);
                if (worth.IsBetterThan(bestWorth))
                {
                    (best, bestWorth) = (i, worth);
                }
            }

            var chosen = candidates[best];
            ceiling = Math.Min(ceiling, bestWorth.Score);

            // Shifted, not swapped: equals keep the order they came in.
            candidates[place..best].CopyTo(candidates[(place + 1)..]);
            same[place..best].CopyTo(same[(place + 1)..]);
            factors[place..best].CopyTo(factors[(place + 1)..]);
            candidates[place] = chosen with { Score = ceiling };
            for (var i = place + 1; i < candidates.Length && chosen.Brand >= 0; i++)
            {
                if (candidates[i].Brand == chosen.Brand)
                {
                    same[i]++;
                    factors[i] *= repetition;
                }
            }
        }

        return picked;

        Worth WorthOf(int i, ReadOnlySpan<Candidate> all, ReadOnlySpan<int> sameBrand, ReadOnlySpan<float> factor) =>
            new(sameBrand[i] >= maxOfBrand, all[i].Tier, all[i].Score * factor[i]);
    }

    private readonly record struct Worth(bool IsTooMuch, CandidateTier Tier, float Score)
    {
        public bool IsBetterThan(Worth other) =>
            IsTooMuch != other.IsTooMuch ? other.IsTooMuch
            : Tier != other.Tier ? Tier < other.Tier
            : Score > other.Score;
    }
}
