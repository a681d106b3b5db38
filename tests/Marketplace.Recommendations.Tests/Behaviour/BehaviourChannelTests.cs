using Marketplace.Recommendations.Behaviour;
using Marketplace.Recommendations.Clients;
using Marketplace.Recommendations.Ranking;

namespace Marketplace.Recommendations.Tests.Behaviour;

public class BehaviourChannelTests
{
    public static TheoryData<int, string> Cases => new() { { 1, "buying" }, { 2, "buying" }, { 3, "browsing" }, { 4, "browsing" }, { 5, "short" } };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Counts_and_scores_are_those_of_the_definition(int seed, string profileName)
    {
        var profile = profileName switch
        {
            "buying" => BehaviourProfile.Purchases,
            "browsing" => BehaviourProfile.Views,
            _ => BehaviourProfile.Views with { Window = 3, HistoryLength = 5, Back = 0.5, VisitGap = TimeSpan.FromMinutes(5) },
        };
        var random = new Random(seed);
        var channel = new BehaviourChannel(profile);
        var naive = new NaiveChannel(profile);
        var sequences = new ulong[]?[8];
        var seconds = 1_000_000u;
        for (var step = 0; step < 600; step++)
        {
            var user = random.Next(sequences.Length);
            seconds += (uint)random.Next(random.Next(10) == 0 ? 4000 : 30);
            var late = random.Next(20) == 0 ? 5000u : 0;
            var action = new ClientAction(random.Next(25), (ActionKind)random.Next(3), seconds - late);
            channel.Record(ref sequences[user], action);
            naive.Record(user, action);
        }

        for (var from = 0; from < 25; from++)
        {
            for (var to = 0; to < 25; to++)
            {
                ((double)channel.Transitions.RowOf(from)[to] / TransitionMatrix.One).ShouldBe(naive.Counts.GetValueOrDefault((from, to)), 1e-9);
            }
        }

        for (var user = 0; user < sequences.Length; user++)
        {
            var scores = new ScoreMap();
            channel.FillScores(ActionSequence.Latest(sequences[user], profile.HistoryLength), seconds + 100, scores);
            var expected = naive.Scores(user, seconds + 100).Where(s => s.Value > 0).ToDictionary();
            scores.Count.ShouldBe(expected.Count);
            foreach (var (item, score) in expected)
            {
                ((double)scores[item]).ShouldBe(score, 1e-4 * score);
            }
        }
    }

    [Fact]
    public void Contributions_add_up_to_the_score()
    {
        var channel = new BehaviourChannel(BehaviourProfile.Purchases);
        var random = new Random(6);
        var sequences = new ulong[]?[20];
        for (var step = 0; step < 2000; step++)
        {
            channel.Record(ref sequences[random.Next(20)], new ClientAction(random.Next(100), ActionKind.Purchase, (uint)step));
        }

        var actions = ActionSequence.Latest(sequences[0], 100).ToArray();
        var scores = new ScoreMap();
        channel.FillScores(actions, 2000, scores);
        for (var entry = 0; entry < scores.Count; entry++)
        {
            var item = scores.ItemAt(entry);
            var sum = actions.Select((a, i) => channel.Contribution(new ClientAction(a), actions.Length - 1 - i, 2000, item)).Sum();
            sum.ShouldBe(scores.ScoreAt(entry), 1e-3f * sum);
        }
    }

    [Fact]
    public void A_sequence_keeps_the_latest_actions()
    {
        var random = new Random(7);
        foreach (var length in new[] { 1, 2, 3, 7, 50 })
        {
            ulong[]? sequence = null;
            var model = new List<ulong>();
            for (var i = 0; i < 300; i++)
            {
                var action = new ClientAction(random.Next(1 << 27), (ActionKind)random.Next(5), (uint)random.Next());
                new ClientAction(action.Packed).ShouldBe(action);
                ActionSequence.Append(ref sequence, action, length);
                model.Add(action.Packed);
                ActionSequence.Latest(sequence, length).ToArray().ShouldBe(model.TakeLast(length));
                sequence!.Length.ShouldBeLessThanOrEqualTo(1 + (2 * length));
            }
        }
    }
}
