namespace Marketplace.SampleData.Generation;

/// <summary>Picks a rank by given weights; <see cref="Zipf"/> makes the n-th as frequent as n to the power of minus s.</summary>
internal sealed class Popularity
{
    private readonly double[] _upTo;

    public Popularity(IEnumerable<double> weights)
    {
        var sum = 0.0;
        _upTo = [.. weights.Select(weight => sum += weight)];
    }

    public static Popularity Zipf(int count, double exponent) =>
        new(Enumerable.Range(1, count).Select(rank => Math.Pow(rank, -exponent)));

    public int Pick(ref Dice dice)
    {
        var at = Array.BinarySearch(_upTo, dice.Unit() * _upTo[^1]);
        return Math.Min(at < 0 ? ~at : at, _upTo.Length - 1);
    }
}
