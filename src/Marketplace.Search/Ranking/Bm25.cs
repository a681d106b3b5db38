using System.Runtime.CompilerServices;

namespace Marketplace.Search.Ranking;

/// <summary>
/// BM25F (Robertson, Zaragoza, Taylor 2004): a word's occurrences in all fields are added up, weighted (<see cref="Unit"/>),
/// before they saturate; words are weighed by their inverse document frequency.
/// </summary>
internal static class Bm25
{
    /// <summary>The weight of a word that <paramref name="having"/> of <paramref name="all"/> products have; never negative.</summary>
    public static float Idf(long all, long having) => MathF.Log(1 + ((all - having + 0.5f) / (having + 0.5f)));

    /// <summary>What one occurrence in a field of this many words adds to a word's frequency.</summary>
    public static float Unit(in FieldWeight field, int words) =>
        field.Weight / (1 - field.LengthPenalty + (field.LengthPenalty * words / field.TypicalLength));

    /// <summary>What a word adds to a product's score.</summary>
    /// <param name="frequency">Its weighted occurrences there.</param>
    /// <param name="saturation">BM25's k1: the frequency at which a word has half of its weight.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Score(float idf, float frequency, float saturation) => idf * frequency / (saturation + frequency);

    /// <summary>The frequency that <see cref="Score"/> needs to reach a score; infinite where none does.</summary>
    public static float FrequencyFor(float score, float idf, float saturation) =>
        score <= 0 ? 0 : score < idf ? saturation * score / (idf - score) : float.PositiveInfinity;
}
