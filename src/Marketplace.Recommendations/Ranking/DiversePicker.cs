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
    /// <summary>Picks up to <paramref name="limit"/> candidates in place, to the front; returns how many. Their scores never rise.</summary>
    public int Pick(Span<Candidate> candidates, int limit)
    {
        var picked = Math.Min(limit, candidates.Length);
        var maxOfBrand = Math.Max(1, (int)Math.Floor(picked * maxShare));
        var ofBrand = new Dictionary<int, int>();
        var ceiling = float.PositiveInfinity;
        for (var place = 0; place < picked; place++)
        {
            var best = -1;
            var bestWorth = default(Worth);
            for (var i = place; i < candidates.Length; i++)
            {
                var worth = WorthOf(candidates[i], ofBrand, maxOfBrand);
                if (best < 0 || worth.IsBetterThan(bestWorth))
                {
                    (best, bestWorth) = (i, worth);
                }
            }

            var chosen = candidates[best];
            ceiling = Math.Min(ceiling, bestWorth.Score);

            // Shifted, not swapped: equals keep the order they came in.
            candidates[place..best].CopyTo(candidates[(place + 1)..]);
            candidates[place] = chosen with { Score = ceiling };
            if (chosen.Brand >= 0)
            {
                ofBrand[chosen.Brand] = ofBrand.GetValueOrDefault(chosen.Brand) + 1;
            }
        }

        return picked;
    }

    private Worth WorthOf(Candidate candidate, Dictionary<int, int> ofBrand, int maxOfBrand)
    {
        var same = candidate.Brand < 0 ? 0 : ofBrand.GetValueOrDefault(candidate.Brand);
        return new Worth(same >= maxOfBrand, candidate.Tier, same == 0 ? candidate.Score : candidate.Score * MathF.Pow(repetition, same));
    }

    private readonly record struct Worth(bool IsTooMuch, CandidateTier Tier, float Score)
    {
        public bool IsBetterThan(Worth other) =>
            IsTooMuch != other.IsTooMuch ? other.IsTooMuch
            : Tier != other.Tier ? Tier < other.Tier
            : Score > other.Score;
    }
}
