using System.Text;

namespace Marketplace.Recommendations.Tests;

public class SnapshotTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Snapshot_and_tail_equal_a_model_that_was_never_interrupted(int seed)
    {
        var options = new RecommendationOptions
        {
            Buying = Recommendations.Behaviour.BehaviourProfile.Purchases with { Neighbours = 8, HistoryLength = 12 },
            Browsing = Recommendations.Behaviour.BehaviourProfile.Views with { Neighbours = 5, HistoryLength = 7 },
        };
        var steps = RandomSteps(seed, 6_000);
        var uninterrupted = new RecommendationModel(options);
        var interrupted = new RecommendationModel(options);
        var random = new Random(seed + 100);
        for (var i = 0; i < steps.Count; i++)
        {
            steps[i](uninterrupted);
            steps[i](interrupted);
            if (random.Next(800) == 0)
            {
                interrupted = Load(Save(interrupted, BitConverter.GetBytes(i)), options, out var position);
                BitConverter.ToInt32(position).ShouldBe(i);
            }
        }

        uninterrupted.PrunedNeighbours.ShouldBeGreaterThan(0);
        Save(interrupted, []).ShouldBe(Save(uninterrupted, []));
        uninterrupted.Publish();
        interrupted.Publish();
        for (var user = 0; user < 40; user++)
        {
            Describe(interrupted.Recommend($"u{user}", 20, Catalogue.Now)).ShouldBe(Describe(uninterrupted.Recommend($"u{user}", 20, Catalogue.Now)));
        }
    }

    [Fact]
    public void Counts_are_the_same_however_the_clients_events_are_mixed_until_neighbours_are_pruned()
    {
        var random = new Random(9);
        var queues = Enumerable.Range(0, 30).Select(user => new Queue<int>(Enumerable.Range(0, 60).Select(_ => random.Next(80)))).ToArray();
        var models = Enumerable.Range(0, 3).Select(_ => new RecommendationModel()).ToArray();
        for (var item = 0; item < 80; item++)
        {
            Array.ForEach(models, m => m.Upsert(Catalogue.Product($"p{item:D2}")));
        }

        foreach (var model in models)
        {
            var left = queues.Select(q => new Queue<int>(q)).ToArray();
            for (int user; left.Any(q => q.Count > 0);)
            {
                if (left[user = random.Next(left.Length)].TryDequeue(out var item))
                {
                    var number = left[user].Count;
                    model.Do((ClientEventKind)(number % 4), $"u{user:D2}", $"p{item:D2}", Catalogue.Now.AddMinutes(-7 * number));
                }
            }

            model.Publish();
            model.PrunedNeighbours.ShouldBe(0);
        }

        for (var user = 0; user < 30; user++)
        {
            var lists = models.Select(m => Describe(m.Recommend($"u{user:D2}", 50, Catalogue.Now))).ToArray();
            lists[1].ShouldBe(lists[0]);
            lists[2].ShouldBe(lists[0]);
        }
    }

    [Fact]
    public void After_pruning_most_of_the_first_ten_are_still_the_same()
    {
        var random = new Random(11);
        var profile = Recommendations.Behaviour.BehaviourProfile.Purchases;
        var models = new[] { 20, 10_000 }.Select(k => new RecommendationModel(new RecommendationOptions { Buying = profile with { Neighbours = k } })).ToArray();
        for (var item = 0; item < 500; item++)
        {
            Array.ForEach(models, m => m.Upsert(Catalogue.Product($"p{item}", name: "")));
        }

        for (var step = 0; step < 12_000; step++)
        {
            // Users keep to a taste of 50 products, most of which they choose rarely.
            var user = random.Next(600);
            var item = (user % 10 * 50) + (int)(50 * Math.Pow(random.NextDouble(), 2));
            item = random.Next(5) == 0 ? random.Next(500) : item;
            Array.ForEach(models, m => m.Do(ClientEventKind.Purchase, $"u{user}", $"p{item}", Catalogue.Now.AddHours(step - 12_000)));
        }

        models[0].PrunedNeighbours.ShouldBeGreaterThan(10_000);
        models[1].PrunedNeighbours.ShouldBe(0);
        var overlap = Enumerable.Range(0, 600).Average(user =>
        {
            var lists = models.Select(m => m.Recommend($"u{user}", 10, Catalogue.Now).Ids()).ToArray();
            return lists[0].Intersect(lists[1]).Count() / (double)lists[1].Length;
        });
        TestContext.Current.SendDiagnosticMessage($"overlap of the first ten with 20 of about 150 neighbours kept: {overlap:P1}");
        overlap.ShouldBeInRange(0.75, 0.999);
    }

    [Fact]
    public void A_damaged_or_shortened_snapshot_is_noticed_wherever_it_is()
    {
        var model = new RecommendationModel();
        RandomSteps(4, 500).ForEach(step => step(model));
        var snapshot = Save(model, "here"u8.ToArray());
        Load(snapshot, null, out _);
        var random = new Random(5);
        for (var round = 0; round < 200; round++)
        {
            var damaged = snapshot.ToArray();
            damaged[random.Next(damaged.Length)] ^= (byte)(1 << random.Next(8));
            Should.Throw<InvalidDataException>(() => Load(damaged, null, out _));
            Should.Throw<InvalidDataException>(() => Load(snapshot[..random.Next(snapshot.Length)], null, out _));
        }

        Should.Throw<InvalidDataException>(() => Load([], null, out _));
        Should.Throw<InvalidDataException>(() => Load(snapshot, new RecommendationOptions { LikedFrom = 5 }, out _)).Message.ShouldContain("settings");
        Load(snapshot, new RecommendationOptions { ContentWeight = 0.5f }, out var position);
        position.ShouldBe("here"u8.ToArray());
    }

    [Fact]
    public void A_history_that_is_over_is_forgotten_whenever_its_memory_is_given_back()
    {
        var models = new[] { new RecommendationModel(), new RecommendationModel() };
        foreach (var model in models)
        {
            for (var i = 0; i < 30; i++)
            {
                model.Upsert(Catalogue.Product($"p{i}", name: ""));
            }

            At(model, "old", "p1", 0);
            At(model, "old", "p2", 0);
            At(model, "regular", "p1", 0);
            At(model, "regular", "p3", 300);
            At(model, "other", "p5", 450);
        }

        models[1].ForgetHistoriesOver(Catalogue.Now.AddDays(450));
        (models[0].ClientCount, models[1].ClientCount).ShouldBe((3, 2));
        foreach (var model in models)
        {
            // One that comes back after so long begins anew: nothing leads from p2 to p9.
            At(model, "old", "p9", 451);
            At(model, "regular", "p9", 452);
            model.Publish();
            model.Similar("p2", 10).Ids().ShouldBe(["p1"]);
            model.Similar("p3", 10).Ids().ShouldBe(["p9", "p1"]);
        }

        var now = Catalogue.Now.AddDays(453);
        foreach (var user in new[] { "old", "regular", "other" })
        {
            Describe(models[1].Recommend(user, 30, now)).ShouldBe(Describe(models[0].Recommend(user, 30, now)));
        }

        static void At(RecommendationModel model, string user, string product, int day)
        {
            var time = Catalogue.Now.AddDays(day).ToUnixTimeMilliseconds();
            model.Apply(new ClientEvent { Kind = ClientEventKind.Purchase, UserId = Encoding.UTF8.GetBytes(user), ProductId = Encoding.UTF8.GetBytes(product), OccurredAt = time, ReceivedAt = time });
        }
    }

    [Fact]
    public void A_session_is_found_behind_a_user_of_the_same_id_whose_history_is_over_whenever_its_memory_is_given_back()
    {
        var models = new[] { new RecommendationModel(), new RecommendationModel() };
        foreach (var model in models)
        {
            for (var i = 0; i < 30; i++)
            {
                model.Upsert(Catalogue.Product($"p{i}", name: ""));
            }

            Buy(model, "x", "", "p1", Catalogue.Now);
            Buy(model, "", "x", "p2", Catalogue.Now.AddDays(449));
        }

        models[1].ForgetHistoriesOver(Catalogue.Now.AddDays(450));
        (models[0].ClientCount, models[1].ClientCount).ShouldBe((2, 1));
        foreach (var model in models)
        {
            model.Publish();
        }

        var lists = models.Select(model => model.Recommend("x", 30, Catalogue.Now.AddDays(450)).Ids()).ToArray();
        lists[1].ShouldBe(lists[0]);
        lists[0].ShouldNotContain("p2", "what the session has bought");
    }

    /// <summary>By an event's clock of whole seconds the history is just not over.</summary>
    [Fact]
    public void An_event_of_the_second_up_to_which_all_was_received_goes_on_with_a_history()
    {
        var models = new[] { new RecommendationModel(), new RecommendationModel() };
        var end = Catalogue.Now + RecommendationOptions.Default.UserRetention + TimeSpan.FromMilliseconds(900);
        foreach (var model in models)
        {
            Buy(model, "u", "", "p1", Catalogue.Now);
        }

        models[1].ForgetHistoriesOver(end);
        foreach (var model in models)
        {
            Buy(model, "u", "", "p2", end);
            model.Upsert(Catalogue.Product("p1", name: ""));
            model.Upsert(Catalogue.Product("p2", name: ""));
            model.Publish();
            model.Similar("p1", 10).Ids().ShouldBe(["p2"]);
        }
    }

    /// <param name="user">Empty: nobody known.</param>
    private static void Buy(RecommendationModel model, string user, string session, string product, DateTimeOffset at) => model.Apply(new ClientEvent
    {
        Kind = ClientEventKind.Purchase,
        UserId = Encoding.UTF8.GetBytes(user),
        SessionId = Encoding.UTF8.GetBytes(session),
        ProductId = Encoding.UTF8.GetBytes(product),
        OccurredAt = at.ToUnixTimeMilliseconds(),
        ReceivedAt = at.ToUnixTimeMilliseconds(),
    });

    private static List<Action<RecommendationModel>> RandomSteps(int seed, int count)
    {
        var random = new Random(seed);
        var steps = new List<Action<RecommendationModel>>();
        for (var i = 0; i < count; i++)
        {
            var id = $"p{random.Next(200)}";
            var time = Catalogue.Now.AddMinutes(i - count);
            switch (random.Next(8))
            {
                case 0:
                    var product = Catalogue.RandomProduct(random, id);
                    steps.Add(model => model.Upsert(product));
                    break;
                case 1 when random.Next(3) == 0:
                    steps.Add(model => model.Remove(id));
                    break;
                case 2 when random.Next(10) == 0:
                    steps.Add(model => model.Publish());
                    break;
                default:
                    var (kind, user, rating) = ((ClientEventKind)random.Next(5), $"u{random.Next(40)}", random.Next(6));
                    steps.Add(model => model.Do(kind, user, id, time, rating));
                    break;
            }
        }

        return steps;
    }

    private static byte[] Save(RecommendationModel model, byte[] position)
    {
        using var stream = new MemoryStream();
        model.Save(stream, position);
        return stream.ToArray();
    }

    private static RecommendationModel Load(byte[] snapshot, RecommendationOptions? options, out byte[] position) =>
        RecommendationModel.Load(new MemoryStream(snapshot), options, out position);

    private static string Describe(IReadOnlyList<Recommendation> list) =>
        string.Join('\n', list.Select(r => $"{r.ProductId} {r.Score:G9} {r.Reason.Kind} {string.Join(',', r.Reason.Because)}"));
}
