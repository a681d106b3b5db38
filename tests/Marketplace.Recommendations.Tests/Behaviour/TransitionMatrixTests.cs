using Marketplace.Recommendations.Behaviour;

namespace Marketplace.Recommendations.Tests.Behaviour;

public class TransitionMatrixTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(20)]
    public void A_full_row_keeps_its_heaviest_neighbours_and_all_of_the_sums(int neighbours)
    {
        var random = new Random(neighbours);
        var matrix = new TransitionMatrix(neighbours);
        var naive = new List<(int To, long Count)>();
        var capacity = Math.Max(4, 2 * neighbours);
        long sum = 0;
        for (var step = 0; step < 5000; step++)
        {
            var to = 1 + (int)(1000 * Math.Pow(random.NextDouble(), 3));
            var amount = random.Next(1, 50);
            matrix.Add(0, to, amount);
            sum += amount;
            var at = naive.FindIndex(n => n.To == to);
            if (at >= 0)
            {
                naive[at] = (to, naive[at].Count + amount);
                continue;
            }

            if (naive.Count == capacity)
            {
                naive = [.. naive.Select((n, place) => (n, place)).OrderByDescending(x => x.n.Count).ThenByDescending(x => x.place)
                    .Take(neighbours).OrderBy(x => x.place).Select(x => x.n)];
            }

            naive.Add((to, amount));
        }

        matrix.RowOf(0).Items.ToArray().ShouldBe(naive.Select(n => n.To));
        matrix.RowOf(0).Counts.ToArray().ShouldBe(naive.Select(n => (int)n.Count));
        matrix.RowSum(0).ShouldBe(sum);
        matrix.Pruned.ShouldBeGreaterThan(0);
    }

    [Fact]
    public void A_count_that_cannot_grow_stays()
    {
        var matrix = new TransitionMatrix(10);
        matrix.Add(0, 1, int.MaxValue - 5);
        matrix.Add(0, 1, 100);
        matrix.RowOf(0)[1].ShouldBe(int.MaxValue);
        matrix.RowSum(0).ShouldBe(int.MaxValue - 5L + 100);
    }

    /// <summary>A row only ever holds neighbours of its own item, whatever its arrays go through while it is read.</summary>
    [Fact]
    public async Task A_reader_never_sees_a_neighbour_of_another_item()
    {
        var matrix = new TransitionMatrix(30);
        using var done = new CancellationTokenSource();
        var reader = Task.Run(() =>
        {
            var random = new Random(1);
            long seen = 0;
            while (!done.IsCancellationRequested || seen == 0)
            {
                var item = random.Next(50);
                var row = matrix.RowOf(item);
                for (var i = 0; i < row.Items.Length; i++)
                {
                    (row.Items[i] % 50).ShouldBe(item);
                    row.Counts[i].ShouldBeGreaterThan(0);
                    seen++;
                }
            }
        });
        var random = new Random(2);
        for (var step = 0; step < 1_000_000; step++)
        {
            var item = random.Next(50);
            matrix.Add(item, item + (50 * random.Next(1, 200)), random.Next(1, 9));
        }

        await done.CancelAsync();
        await reader;
    }
}
