namespace Marketplace.Recommendations.Tests;

public class ConcurrencyTests
{
    /// <summary>
    /// A query that begins after a removal has returned never shows the product, while the writer goes on with events, changes, bans
    /// and snapshots. Products are removed for good, in the order of their numbers.
    /// </summary>
    [Fact]
    public async Task A_query_never_shows_what_was_removed_before_it_began()
    {
        const int Products = 4_000;
        var model = new RecommendationModel();
        var random = new Random(1);
        for (var i = 0; i < Products; i++)
        {
            model.Upsert(Catalogue.RandomProduct(random, $"p{i}"));
        }

        model.Publish();
        var removed = 0;
        var answers = 0L;
        using var done = new CancellationTokenSource();
        var readers = Enumerable.Range(0, 2).Select(seed => Task.Run(() =>
        {
            var random = new Random(seed + 10);
            while (!done.IsCancellationRequested || Interlocked.Read(ref answers) == 0)
            {
                var before = Volatile.Read(ref removed);
                var list = random.Next(3) == 0
                    ? model.Similar($"p{random.Next(before, Products)}", 20)
                    : model.Recommend($"u{random.Next(60)}", 20, Catalogue.Now);
                foreach (var item in list)
                {
                    Number(item.ProductId).ShouldBeGreaterThanOrEqualTo(before);
                    item.Reason.Because.All(id => Number(id) >= before).ShouldBeTrue();
                }

                list.Select(item => item.ProductId).ShouldBeUnique();
                Interlocked.Add(ref answers, list.Count);
            }
        })).ToArray();

        for (var step = 0; step < 60_000; step++)
        {
            var id = $"p{random.Next(Volatile.Read(ref removed), Products)}";
            switch (step % 20)
            {
                case 0:
                    model.Remove($"p{removed}").ShouldBeTrue();
                    Volatile.Write(ref removed, removed + 1);
                    break;
                case 1:
                    model.Upsert(Catalogue.RandomProduct(random, id));
                    break;
                case 2 when step % 500 == 2:
                    model.Publish();
                    break;
                case 3 when step % 20_000 == 3:
                    model.Save(Stream.Null, []);
                    break;
                default:
                    model.Do((ClientEventKind)random.Next(4), $"u{random.Next(60)}", $"p{random.Next(Products)}", Catalogue.Now.AddSeconds(step - 60_000));
                    break;
            }
        }

        await done.CancelAsync();
        await Task.WhenAll(readers);
        Interlocked.Read(ref answers).ShouldBeGreaterThan(0);

        static int Number(string id) => int.Parse(id[1..]);
    }
}
