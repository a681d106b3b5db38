namespace Marketplace.Benchmarks.Run;

/// <summary>Measures several things in turn, A B B A, so that what disturbs the machine, and what one leaves for the next, disturbs them alike.</summary>
internal static class Rounds
{
    /// <summary>One list of results for each measure, in the order given.</summary>
    public static async Task<IReadOnlyList<double>[]> InterleaveAsync(int rounds, CancellationToken cancellationToken, params Func<Task<double>>[] measures)
    {
        var results = measures.Select(_ => new List<double>(rounds)).ToArray();
        for (var round = 0; round < rounds; round++)
        {
            for (var turn = 0; turn < measures.Length; turn++)
            {
                var measure = round % 2 == 0 ? turn : measures.Length - 1 - turn;
                cancellationToken.ThrowIfCancellationRequested();
                results[measure].Add(await measures[measure]());
            }
        }

        return results;
    }
}
