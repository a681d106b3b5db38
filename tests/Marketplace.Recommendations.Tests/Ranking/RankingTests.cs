using Marketplace.Recommendations.Ranking;

namespace Marketplace.Recommendations.Tests.Ranking;

public class RankingTests
{
    [Fact]
    public void A_map_sums_as_a_dictionary_would()
    {
        var random = new Random(1);
        var map = new ScoreMap();
        for (var round = 0; round < 60; round++)
        {
            var model = new Dictionary<int, float>();
            map.Clear();
            for (var i = random.Next(20_000) / (1 + (round % 7 * 40)); i >= 0; i--)
            {
                var (item, score) = (random.Next(30_000) * random.Next(1, 1000), random.Next(100));
                map.Add(item, score);
                model[item] = model.GetValueOrDefault(item) + score;
            }

            map.Count.ShouldBe(model.Count);
            map.Max.ShouldBe(model.Values.Max());
            foreach (var (item, score) in model)
            {
                map[item].ShouldBe(score);
            }

            map[-5].ShouldBe(0);
            Enumerable.Range(0, map.Count).Sum(e => (double)map.ScoreAt(e)).ShouldBe(model.Values.Sum(v => (double)v));
        }
    }

    [Fact]
    public void The_best_kept_are_the_beginning_of_the_sorted_whole()
    {
        var random = new Random(2);
        var best = new TopItems();
        for (var round = 0; round < 300; round++)
        {
            var capacity = random.Next(20);
            var all = Enumerable.Range(0, random.Next(60)).Select(i => new ScoredItem(i, random.Next(8), random.Next(3))).ToArray();
            random.Shuffle(all);
            best.Reset(capacity);
            foreach (var item in all)
            {
                if (best.WouldKeep(item.Score))
                {
                    best.Offer(item.Item, item.Score, item.Tie);
                }
            }

            best.Sort().ToArray().ShouldBe(all.OrderByDescending(i => i.Score).ThenByDescending(i => i.Tie).ThenBy(i => i.Item).Take(capacity));
        }
    }

    [Fact]
    public void A_varied_choice_is_complete_falls_in_score_and_keeps_brands_to_their_share()
    {
        var random = new Random(3);
        var picker = new DiversePicker(0.9f, 0.5);
        for (var round = 0; round < 500; round++)
        {
            var brands = random.Next(1, 6);
            var all = Enumerable.Range(0, random.Next(1, 60))
                .Select(i => new Candidate(i, (CandidateTier)random.Next(3), random.NextSingle(), random.Next(-1, brands)))
                .ToArray();
            var limit = random.Next(1, 30);
            var candidates = all.ToArray();
            var picked = candidates[..picker.Pick(candidates, limit)];
            picked.Length.ShouldBe(Math.Min(limit, all.Length));
            candidates.Select(c => c.Item).Order().ShouldBe(all.Select(c => c.Item));
            picked.Zip(picked.Skip(1)).ShouldAllBe(p => p.First.Score >= p.Second.Score);
            var share = Math.Max(1, picked.Length / 2);
            foreach (var brand in picked.Where(c => c.Brand >= 0).GroupBy(c => c.Brand).Where(g => g.Count() > share))
            {
                // More than its share only where nothing else was left that kept to its own.
                var others = candidates[picked.Length..];
                others.ShouldAllBe(o => o.Brand >= 0 && picked.Count(p => p.Brand == o.Brand) >= share);
            }
        }
    }

    [Fact]
    public void Without_brands_a_choice_is_the_order_of_tier_and_score()
    {
        var random = new Random(4);
        var all = Enumerable.Range(0, 50).Select(i => new Candidate(i, (CandidateTier)random.Next(3), random.Next(10), -1)).ToArray();
        var candidates = all.ToArray();
        new DiversePicker(0.9f, 0.5).Pick(candidates, 50);
        candidates.Select(c => c.Item).ShouldBe(all.OrderBy(c => c.Tier).ThenByDescending(c => c.Score).Select(c => c.Item));
    }
}
