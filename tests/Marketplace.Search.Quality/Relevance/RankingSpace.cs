using Marketplace.Search.Ranking;

namespace Marketplace.Search.Quality.Relevance;

/// <summary>
/// Settings to choose from, and how one is chosen: the mean of the best tenth of many random ones (the step of the cross-entropy
/// method, Rubinstein 1999), which follows single queries less than the best one does.
/// </summary>
internal static class RankingSpace
{
    private const int Share = 10;

    private static readonly (float Low, float High)[] Bounds =
    [
        (1.5f, 5), (0.3f, 0.8f), (0.8f, 4), (1, 5), (0.1f, 0.8f), (0.4f, 2), (0.15f, 1), (0.3f, 0.9f), (0.3f, 1.6f), (0.4f, 0.9f),
        (0.7f, 3.5f), (0.7f, 0.95f), (0.1f, 0.9f), (0.15f, 0.8f), (0.2f, 1), (0.05f, 0.4f), (0.1f, 0.5f), (0.05f, 0.5f),
    ];

    public static IReadOnlyList<float[]> Sample(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => Bounds.Select(b => b.Low + ((b.High - b.Low) * random.NextSingle())).ToArray())];
    }

    /// <param name="scores">Of each point, on the queries that choose.</param>
    public static float[] Choose(IReadOnlyList<float[]> points, IReadOnlyList<double> scores)
    {
        var best = Enumerable.Range(0, points.Count).OrderByDescending(i => scores[i]).Take(points.Count / Share).Select(i => points[i]).ToList();
        return [.. Enumerable.Range(0, Bounds.Length).Select(parameter => best.Average(p => p[parameter]))];
    }

    public static RankingOptions At(float[] p) => new()
    {
        Name = new(p[0], p[1], 10),
        Brand = new(p[2], 0.2f, 1),
        Category = new(p[3], p[4], 2),
        Sku = new(p[5], 0.2f, 3),
        Specifications = new(p[6], p[7], 30),
        Description = new(p[8], p[9], 40),
        Saturation = p[10],
        OtherForm = p[11],
        Synonym = p[12],
        PartOfRun = p[13],
        Purpose = p[14],
        AdjacentWords = p[15],
        ExactName = p[16],
        ExactCategory = p[17],
    };
}
