namespace Marketplace.Benchmarks.Run;

/// <summary>Measures several things in turn, A B A B, so that what disturbs the machine disturbs them alike.</summary>
internal static class Rounds
{
    /// <summary>One list of results for each measure, in the order given.</summary>
    public static async Task<IReadOnlyList<double>[]> InterleaveAsync(int rounds, CancellationToken cancellationToken, params Func<Task<double>>[] measures)
    {
        var results = measures.Select(_ => new List<double>(rounds)).ToArray();
        for (var round = 0; round < rounds; round++)
        {
            for (var measure = 0; measure < measures.Length; measure++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                results[measure].Add(await measures[measure]());
            }
        }

        return results;
    }
}
